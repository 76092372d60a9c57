import { accesses, currentUser } from "../../../../lib/accesses";
import { answer, BASE_URL, call, Refused, SCOPES } from "../../../../lib/kryptos";

interface Created {
  readonly data: { readonly link_token: string };
}

export const POST = () => answer(createLinkToken);

/** With the access token of a returning user, who then need not sign in again. */
async function createLinkToken() {
  const user = await currentUser();
  const access = accesses.get(user);
  if (access) {
    try {
      const { data } = await call<Created>("/link-token", {
        scopes: SCOPES,
        access_token: access.accessToken,
      });
      return { link_token: data.link_token, isAuthorized: true, base_url: BASE_URL };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      accesses.delete(user); // revoked or expired: begin anew
    }
  }
  const { data } = await call<Created>("/link-token", { scopes: SCOPES });
  return { link_token: data.link_token, isAuthorized: false, base_url: BASE_URL };
}
