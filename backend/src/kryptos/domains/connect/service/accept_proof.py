"""Accept a proof of ownership: the text that was given out, signed by the address's own key, once."""

import sqlalchemy as sa

from kryptos.domains.connect._tables import ownership_challenges
from kryptos.domains.connect.contracts import LinkSession, OwnershipProof
from kryptos.domains.connect.engine.sign_in_message import NotASignInMessage, is_same, parse
from kryptos.domains.connect.engine.wallet_signature import is_signed
from kryptos.domains.connect.errors import ProofExpired, ProofInvalid
from kryptos.infra.database import Uow


async def accept_proof(uow: Uow, *, session: LinkSession, address: str, proof: OwnershipProof) -> None:
    """Accept a proof that an address is the person's, this once; raise ``ProofExpired`` or ``ProofInvalid``.

    What is raised undoes the use as well: a refused signature can be given again until the text expires.
    """
    asked = await uow.first(
        sa.update(ownership_challenges)
        .where(
            ownership_challenges.c.session_id == session.id,
            ownership_challenges.c.address == address,
            ownership_challenges.c.used_at.is_(None),
            ownership_challenges.c.expires_at > uow.now,
        )
        .values(used_at=uow.now)
        .returning(ownership_challenges.c.message)
    )
    if asked is None:
        raise ProofExpired
    try:
        wanted, given = parse(asked.message), parse(proof.message)
    except NotASignInMessage:
        raise ProofInvalid from None
    # Solana's wallets may compose the text themselves: its fields must be ours. Others sign the text as it is.
    is_ours = is_same(wanted, given) if wanted.family == "solana" else asked.message == proof.message
    if not is_ours or not is_signed(proof.message, proof.signature, family=wanted.family, address=address):
        raise ProofInvalid
