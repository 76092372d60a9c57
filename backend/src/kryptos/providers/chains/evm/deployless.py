"""Many calls in one ``eth_call`` where no Multicall3 stands: a program sent as if to be deployed; nothing is.

``eth_call`` without ``to`` runs its data as the creation code of a contract and returns what that code returns (viem's
*deployless calls* rest on the same). The code below makes the calls that are appended to it and returns their answers,
each in a slot of one size. A call is always 56 bytes (address, selector, one word); an answer is cut to its slot.

Limits: 49,152 bytes of creation code (EIP-3860), 24,576 of answer (EIP-170); an answer never begins with 0xEF
(EIP-3541), for its first word is a length. Opcodes: Ethereum Yellow Paper, appendix H; STATICCALL is EIP-214,
SHR is EIP-145.
"""

from collections.abc import Sequence

_CALL_BYTES = 56
_DATA_BYTES = 36
_MOST_ANSWER_BYTES = 24_576
_MOST_CODE_BYTES = 49_152
_GAS_PER_CALL = 500_000
"""A contract that burns what it gets must not take the others with it."""
_WORD = 32
_OUTPUT = 64  # the answers begin behind the room for one call


def calls_per_program(answer_bytes: int) -> int:
    """Return how many calls fit into one program when each may answer so many bytes."""
    return min(_MOST_ANSWER_BYTES // (_WORD + answer_bytes), (_MOST_CODE_BYTES - 100) // _CALL_BYTES)


def program_of(calls: Sequence[tuple[str, bytes]], *, answer_bytes: int) -> bytes:
    """Return the creation code that makes the calls; call data is up to 36 bytes."""
    slot = _WORD + answer_bytes
    head = bytes.fromhex("61 ffff 60 40")  # PUSH2 <first call> PUSH1 64          stack: out, in
    loop = len(head)
    body = bytes.fromhex(
        "5b"  # JUMPDEST
        "81 38 11 15 61 eeee 57"  # DUP2 CODESIZE GT ISZERO PUSH2 <end> JUMPI      all calls made?
        "60 38 82 60 00 39"  # PUSH1 56 DUP3 PUSH1 0 CODECOPY                        one call to memory 0
        "61 aaaa"  # PUSH2 <answer_bytes>                                            size of the answer
        "81 60 20 01"  # DUP2 PUSH1 32 ADD                                           place of the answer
        "60 24 60 14"  # PUSH1 36 PUSH1 20                                           size and place of the data
        "60 00 51 60 60 1c"  # PUSH1 0 MLOAD PUSH1 96 SHR                            address
        "62 bbbbbb"  # PUSH3 <gas>
        "fa"  # STATICCALL                                                           stack: success, out, in
        "3d 80 01 01"  # RETURNDATASIZE DUP1 ADD ADD                                 2 × size + success
        "81 52"  # DUP2 MSTORE
        "61 cccc 01"  # PUSH2 <slot> ADD                                             next out
        "90 60 38 01 90"  # SWAP1 PUSH1 56 ADD SWAP1                                 next in
        "61 dddd 56"  # PUSH2 <loop> JUMP
    )
    tail = bytes.fromhex("5b 60 40 90 03 60 40 f3")  # JUMPDEST PUSH1 64 SWAP1 SUB PUSH1 64 RETURN
    end = loop + len(body)
    program = head.replace(b"\xff\xff", (end + len(tail)).to_bytes(2, "big"))
    for mark, value, size in (
        ("eeee", end, 2),
        ("aaaa", answer_bytes, 2),
        ("bbbbbb", _GAS_PER_CALL, 3),
        ("cccc", slot, 2),
        ("dddd", loop, 2),
    ):
        body = body.replace(bytes.fromhex(mark), value.to_bytes(size, "big"))
    data = b"".join(bytes.fromhex(target[2:]) + sent.ljust(_DATA_BYTES, b"\0") for target, sent in calls)
    return program + body + tail + data


def answers_in(output: bytes, *, count: int, answer_bytes: int) -> list[bytes | None]:
    """Return what each call returned, cut to its slot; None where it failed; raise ``ValueError`` for other output."""
    slot = _WORD + answer_bytes
    if len(output) != count * slot:
        raise ValueError("not the results that were asked for")
    answers: list[bytes | None] = []
    for start in range(0, len(output), slot):
        header = int.from_bytes(output[start : start + _WORD], "big")
        returned = output[start + _WORD : start + slot][: header >> 1]
        answers.append(returned if header & 1 else None)
    return answers
