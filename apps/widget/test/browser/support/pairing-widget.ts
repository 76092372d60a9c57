/** The widget's steps of WalletConnect, as a person takes them. */

import type { Page, Request } from "playwright-core";

import type { WalletApp } from "./wallet-app.js";
import type { Place, Widget } from "./widget.js";

const CONNECTIONS = /\/link-token\/integrations$/;
const ROW = /wallet app on your phone/i;

export class PairingWidget {
  readonly page: Page;
  readonly widget: Widget;
  readonly wallet: WalletApp;
  readonly address: string;
  readonly frame: Place;

  constructor(page: Page, widget: Widget, wallet: WalletApp, address: string) {
    this.page = page;
    this.widget = widget;
    this.wallet = wallet;
    this.address = address;
    this.frame = widget.frame;
  }

  async toPicker(): Promise<void> {
    await this.page.goto(this.address);
    await this.widget.open();
    await this.widget.asGuest();
    await this.widget.consent();
    await this.frame.getByRole("combobox").waitFor();
  }

  get row() {
    return this.frame.getByRole("option", { name: ROW });
  }

  async choose(): Promise<void> {
    await this.toPicker();
    await this.widget.press(this.row);
  }

  /** The link that the code on the screen stands for. */
  async link(): Promise<string> {
    await this.frame.getByRole("img", { name: /QR code/ }).waitFor();
    await this.widget.press(this.widget.button("Copy the link"));
    await this.widget.button("Copied").waitFor();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  async scan(): Promise<void> {
    await this.wallet.pair(await this.link());
  }

  /** From the beginning to the addresses that the wallet gave. */
  async pair(): Promise<void> {
    await this.choose();
    await this.scan();
    await this.showsAddresses();
  }

  async showsAddresses(): Promise<void> {
    await this.frame.getByRole("heading", { name: "Choose what to connect" }).waitFor();
  }

  /** Sign and connect; gives what the server answered. */
  async prove(): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    await this.askForProof();
    return this.pressing("Sign and connect");
  }

  async askForProof(): Promise<void> {
    await this.widget.press(this.frame.getByRole("checkbox", { name: /prove that it is yours/i }));
  }

  async pressing(
    button: string | RegExp,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const answered = this.page.waitForResponse((reply) => isConnecting(reply.request()));
    await this.widget.press(this.widget.button(button));
    const reply = await answered;
    return { status: reply.status(), body: (await reply.json()) as Record<string, unknown> };
  }

  says(text: string | RegExp): Promise<void> {
    return this.frame.getByText(text).first().waitFor();
  }
}

function isConnecting(request: Request): boolean {
  return request.method() === "POST" && CONNECTIONS.test(request.url());
}
