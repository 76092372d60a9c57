"""What the widget calls with its link token: session, sign-in, workspace, consent, completion (contract §1.3)."""

from functools import partial

from kryptos.catalog import PROVIDERS
from kryptos.domains import connect
from kryptos.domains.clients import SCOPES, InvalidClient, InvalidScope, Mode
from kryptos.domains.connect import (
    ConsentRequired,
    HostedSession,
    LinkSession,
    SignedIn,
    SignInRequired,
    StepNotAllowed,
    TokenAlreadyUsed,
    TokenExpired,
    WorkspaceRequired,
)
from kryptos.domains.grants import ACCESS_TOKEN_SECONDS, InvalidToken
from kryptos.domains.identity import CodeWrong, MailUnavailable, SignUpClosed, TooManyCodes
from kryptos.domains.integrations import list_health
from kryptos.domains.workspaces import InsufficientPermissions, WorkspaceNotFound
from kryptos.infra.database import Uow
from kryptos.providers.sandbox import PERSONAS, SANDBOX_NODES
from kryptos.surfaces.connect_api.providers import offered_out
from kryptos.surfaces.connect_api.widget_wire import (
    AdoptIn,
    AuthMethod,
    CodeIn,
    CompletedOut,
    ConsentIn,
    ConsentOut,
    EmailIn,
    EventIn,
    GuestIn,
    HostedIn,
    HostedOut,
    OutcomeOut,
    ProvidersOut,
    ScopeOut,
    SessionOut,
    SignedInOut,
    WorkspaceIn,
    WorkspacesOut,
    app_out,
    chosen_workspace_out,
    consent_out,
    test_account_out,
    user_out,
    walletconnect_out,
    workspace_out,
)
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import LinkCall, OpenerCall, PublicCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Message, Nothing, Success, instant


async def get_session(call: LinkCall) -> Success[SessionOut]:
    """Return where the session stands: who asks, for what, who signed in, what was consented to."""
    return Success(data=_session(call, call.session))


async def open_hosted(call: PublicCall, body: HostedIn) -> Success[HostedOut]:
    """Open a session as a page of its own: exchange the key in the address of the page for a fresh link token.

    The session's former link token is dead. The key stays good until the session ends, so that the page can be loaded
    anew.
    """

    async def work(uow: Uow) -> HostedSession:
        return await connect.open_hosted_session(uow, session_id=body.session_id, key=body.key)

    opened = await call.services.database.execute(work, origin=call.origin)
    return Success(data=HostedOut(link_token=opened.link_token, expires_at=instant(opened.expires_at)))


async def get_outcome(call: OpenerCall) -> Success[OutcomeOut]:
    """Say what came of a hosted session, to the app that opened its page and waits for the person.

    Takes the link token that came with `hosted_url`, which is dead for every other call once the page is open, until
    30 minutes after the session's end. Ask every two seconds, and at once when the person is back. `public_token` comes
    with `completed`, unless one was exchanged already or the session was resumed.
    """
    outcome = call.outcome
    return Success(data=OutcomeOut(status=outcome.status.value, public_token=outcome.public_token))


async def start_email(call: LinkCall, body: EmailIn) -> Message:
    """Mail a six-digit code, valid ten minutes. The answer is the same whether or not the address is known."""
    if not call.services.can_mail:
        raise MailUnavailable
    limits.take(call.services.limiter, limits.CODES, call.address)
    await connect.start_email_sign_in(
        call.uow, session=call.session, email=body.email, language=body.language
    )
    return Message(message="If this address can sign in, a code is on its way to it.")


async def verify_email(call: LinkCall, body: CodeIn) -> Success[SignedInOut]:
    """Sign in with the newest mailed code: five tries, ten minutes. New people get a workspace of their own.

    The session belongs to whoever holds the `widget_key` that is returned: send it as `X-Widget-Key` from now on. A
    call without it is answered as if nobody had signed in, for apps hold link tokens too.
    """
    limits.take(call.services.limiter, limits.CODES, call.address)
    signed_in = await connect.verify_email_sign_in(
        call.uow, session=call.session, email=body.email, code=body.code
    )
    return await _signed_in(call, signed_in)


async def sign_in_anonymously(call: LinkCall, body: GuestIn) -> Success[SignedInOut]:
    """Go on as a guest: a new person without an address, with a workspace of their own.

    A guest's calls need no `X-Widget-Key`, but for those that give a way into the consent centre. A second call keeps
    the first guest; `widget_key` is then null unless the call sends that guest's.
    """
    limits.take(call.services.limiter, limits.GUESTS, call.address)
    signed_in = await connect.sign_in_as_guest(
        call.uow, session=call.session, signup=call.services.settings.signup, language=body.language
    )
    return await _signed_in(call, signed_in)


async def list_workspaces(call: LinkCall) -> Success[WorkspacesOut]:
    """List the person's workspaces, with the role in each and whether it may be shared."""
    if call.session.user is None:
        raise SignInRequired
    return Success(data=WorkspacesOut(workspaces=[workspace_out(each) for each in call.session.memberships]))


async def choose_workspace(call: LinkCall, body: WorkspaceIn) -> Success[SessionOut]:
    """Choose the workspace to share; choosing another one withdraws a consent given before."""
    await connect.choose_workspace(call.uow, session=call.session, workspace_id=body.workspace_id)
    return await _reopened(call)


async def get_consent(call: LinkCall) -> Success[ConsentOut]:
    """Return what is being asked: which scopes in plain words, by whom, from which workspace, for how long."""
    session = call.session
    return Success(
        data=ConsentOut(
            app=app_out(session),
            workspace=chosen_workspace_out(session),
            scopes=[ScopeOut(scope=scope, description=SCOPES[scope]) for scope in session.scopes],
            access_seconds=ACCESS_TOKEN_SECONDS,
            covers_later_connections=True,
            consent=consent_out(session),
        )
    )


async def give_consent(call: LinkCall, body: ConsentIn) -> Success[SessionOut]:
    """Record the person's answer. `scopes` may be fewer than were asked for, never more."""
    await connect.give_consent(call.uow, session=call.session, is_approved=body.approved, scopes=body.scopes)
    return await _reopened(call)


async def list_providers(call: LinkCall) -> Success[ProvidersOut]:
    """List what this app can connect: in sandbox mode the sandbox's chains and its test accounts.

    `health` tells how reading a chain went in the last hour, over all accounts there; null where that is not known.
    """
    mode = call.session.client.mode
    is_sandbox = mode is Mode.SANDBOX
    health = await list_health(call.uow, mode=mode)
    offered = [each for each in PROVIDERS if each.id in SANDBOX_NODES] if is_sandbox else PROVIDERS
    return Success(
        data=ProvidersOut(
            providers=[offered_out(each, health=health.get(each.id)) for each in offered],
            test_accounts=[test_account_out(each) for each in PERSONAS] if is_sandbox else [],
        )
    )


async def complete(call: LinkCall, _body: Nothing) -> Success[CompletedOut]:
    """End the session in success: the link token is used up, a public token takes its place.

    Needs consent; connections are optional. A resumed session yields `null`, for its app has an access token already.
    """
    completed = await connect.complete_session(call.uow, session=call.session)
    return Success(data=CompletedOut(public_token=completed.public_token))


async def leave(call: LinkCall, _body: Nothing) -> Message:
    """End the session without completing it: the person closed the widget. The link token is used up."""
    await connect.close_session(call.uow, session=call.session)
    return Message(message="Session closed")


async def record_event(call: LinkCall, body: EventIn) -> Message:
    """Add something the widget saw to the session's record. Never send a token, a code or a typed secret."""
    details = body.details if body.at is None else {**body.details, "at": body.at.isoformat()}
    await connect.record_event(call.uow, session=call.session, name=body.name, details=details)
    return Message(message="Event recorded")


async def adopt(call: LinkCall, body: AdoptIn) -> Success[SessionOut]:
    """Go on under this link token with the session of a previous one, expired or not; the previous token is dead.

    Same client, once, and within a day of the previous token's end. Send the previous session's `X-Widget-Key`: it
    stays valid under the new token. Without it a person who signed in by mail does not move.
    """
    session = await connect.adopt_session(
        call.uow,
        session=call.session,
        link_token=call.link_token,
        previous=body.previous,
        widget_key=call.widget_key,
    )
    return Success(data=_session(call, session))


async def _reopened(call: LinkCall) -> Success[SessionOut]:
    session = await connect.open_session(call.uow, link_token=call.link_token, widget_key=call.widget_key)
    return Success(data=_session(call, session))


async def _signed_in(call: LinkCall, signed_in: SignedIn) -> Success[SignedInOut]:
    user, key = signed_in.user, signed_in.widget_key
    session = await connect.open_session(call.uow, link_token=call.link_token, widget_key=key)
    return Success(
        data=SignedInOut(
            user_id=user.id,
            is_anonymous=user.is_guest,
            email=user.email,
            workspaces=[workspace_out(each) for each in session.memberships],
            workspace=chosen_workspace_out(session),
            widget_key=key,
        )
    )


def _session(call: LinkCall, session: LinkSession) -> SessionOut:
    methods: list[AuthMethod] = ["email"] if call.services.can_mail else []
    if call.services.settings.signup == "open":
        methods.append("anonymous")
    user = session.user
    return SessionOut(
        session_id=session.id,
        stage=session.stage.value,
        expires_at=instant(session.expires_at),
        is_resumed=session.is_resumed,
        app=app_out(session),
        scopes=list(session.scopes),
        auth_methods=methods,
        user=user_out(user) if user else None,
        workspace=chosen_workspace_out(session),
        consent=consent_out(session),
        repaired_wallet_id=session.repaired_integration_id,
        privacy_url=call.services.settings.privacy_url,
        terms_url=call.services.settings.terms_url,
        redirect_uri=session.redirect_uri,
        walletconnect=walletconnect_out(call.services.settings),
    )


_endpoint = partial(Endpoint, auth=Auth.LINK_TOKEN, family=Family.CONNECT)

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/link-token/hosted",
        summary="Open a hosted page",
        auth=Auth.NONE,
        family=Family.CONNECT,
        handler=open_hosted,
        body=HostedIn,
        reply=Success[HostedOut],
        errors=(InvalidToken, TokenExpired, TokenAlreadyUsed, InvalidClient),
    ),
    Endpoint(
        method="GET",
        path="/link-token/outcome",
        summary="Ask what came of a hosted session",
        auth=Auth.OPENER,
        family=Family.CONNECT,
        handler=get_outcome,
        reply=Success[OutcomeOut],
    ),
    _endpoint(
        method="GET",
        path="/link-token/session",
        summary="Read the session",
        handler=get_session,
        reply=Success[SessionOut],
    ),
    _endpoint(
        method="POST",
        path="/link-token/session/adopt",
        summary="Continue under a new link token",
        handler=adopt,
        body=AdoptIn,
        reply=Success[SessionOut],
    ),
    _endpoint(
        method="POST",
        path="/link-token/auth/email/start",
        summary="Mail a sign-in code",
        handler=start_email,
        body=EmailIn,
        reply=Message,
        errors=(MailUnavailable, StepNotAllowed, TooManyCodes),
    ),
    _endpoint(
        method="POST",
        path="/link-token/auth/email/verify",
        summary="Sign in with a mailed code",
        handler=verify_email,
        body=CodeIn,
        reply=Success[SignedInOut],
        errors=(CodeWrong, StepNotAllowed),
    ),
    _endpoint(
        method="POST",
        path="/link-token/auth/anonymous",
        summary="Go on as a guest",
        handler=sign_in_anonymously,
        body=GuestIn,
        reply=Success[SignedInOut],
        errors=(SignUpClosed, StepNotAllowed),
    ),
    _endpoint(
        method="GET",
        path="/link-token/workspaces",
        summary="List the user's workspaces",
        handler=list_workspaces,
        reply=Success[WorkspacesOut],
        errors=(SignInRequired,),
    ),
    _endpoint(
        method="POST",
        path="/link-token/workspace",
        summary="Choose a workspace",
        handler=choose_workspace,
        body=WorkspaceIn,
        reply=Success[SessionOut],
        errors=(SignInRequired, StepNotAllowed, WorkspaceNotFound, InsufficientPermissions),
    ),
    _endpoint(
        method="GET",
        path="/link-token/consent",
        summary="Read what is asked",
        handler=get_consent,
        reply=Success[ConsentOut],
    ),
    _endpoint(
        method="POST",
        path="/link-token/consent",
        summary="Give or refuse consent",
        handler=give_consent,
        body=ConsentIn,
        reply=Success[SessionOut],
        errors=(InvalidScope, SignInRequired, StepNotAllowed, WorkspaceRequired, InsufficientPermissions),
    ),
    _endpoint(
        method="GET",
        path="/link-token/providers",
        summary="List what this app can connect",
        handler=list_providers,
        reply=Success[ProvidersOut],
        is_compressible=True,
    ),
    _endpoint(
        method="POST",
        path="/link-token/complete",
        summary="Complete the session",
        handler=complete,
        body=Nothing,
        reply=Success[CompletedOut],
        errors=(ConsentRequired,),
    ),
    _endpoint(
        method="POST",
        path="/link-token/exit",
        summary="Leave the session",
        handler=leave,
        body=Nothing,
        reply=Message,
    ),
    _endpoint(
        method="POST",
        path="/link-token/events",
        summary="Record an event",
        handler=record_event,
        body=EventIn,
        reply=Message,
    ),
)
"""What the widget may call."""
