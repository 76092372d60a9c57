import { accesses, currentUser } from "../../../../lib/accesses";
import { answer, call } from "../../../../lib/kryptos";

/** Revoke the grant: the next call with its access token fails, everywhere. */
export const POST = () =>
  answer(async () => {
    const user = await currentUser();
    const access = accesses.get(user);
    if (access) {
      await call("/token/revoke", { grant_id: access.grantId });
      accesses.delete(user);
    }
    return { success: true };
  });
