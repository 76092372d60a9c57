/** A wallet app beside the app on one phone: opened by the SDK, paired over a relay of this machine, believed. */

import { expect } from "vitest";

import { PageServer } from "../../../../apps/widget/test/browser/support/page-server.js";
import { PROJECT_ID, test } from "../../../../apps/widget/test/browser/support/walletconnect.js";
import { bundleApp } from "./support/app-bundle.js";
import { Phone } from "./support/phone.js";

test("a wallet app is opened by the system, pairs and signs", async ({ browser, demo, wallet }) => {
  await using server = await PageServer.serve(await bundleApp(), "localhost");
  const phone = await Phone.start(browser, demo);
  await phone.startApp(server.origin, { config: { walletConnectProjectId: PROJECT_ID } });
  const widget = await phone.open();
  await widget.asGuest();
  await widget.consent();
  await widget.press(widget.frame.getByRole("option", { name: /wallet app on your phone/i }));
  await widget.press(widget.button("Another wallet app"));
  await expect.poll(() => phone.opened).toEqual([expect.stringMatching(/^wc:[0-9a-f]{64}@2\?/)]);

  await wallet.pair(String(phone.opened[0]));
  await widget.frame.getByRole("checkbox", { name: /prove/i }).click();
  const answered = widget.page.waitForResponse((reply) => /\/link-token\/integrations$/.test(reply.url()));
  await widget.press(widget.button("Sign and connect"));
  expect(await (await answered).json()).toMatchObject({ data: { is_ownership_proven: true } });
  await widget.done();
  expect(await phone.onlyCall()).toEqual({
    callback: "onSuccess",
    given: { public_token: expect.stringMatching(/^public_/) },
  });
  await phone.stop();
});
