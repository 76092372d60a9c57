import { accesses, currentUser } from "../../../../lib/accesses";
import { answer, call } from "../../../../lib/kryptos";

interface Exchanged {
  readonly data: { readonly access_token: string; readonly grant_id: string };
}

/** Once; the key makes a repeated call harmless. */
export const POST = (request: Request) =>
  answer(async () => {
    const { public_token } = (await request.json()) as { public_token: string };
    const key = { "Idempotency-Key": `exchange-${public_token}` };
    const { data } = await call<Exchanged>("/token/exchange", { public_token }, key);
    accesses.set(await currentUser(), { accessToken: data.access_token, grantId: data.grant_id });
    return { success: true };
  });
