/** The widget's page, as a test plays it: it runs injected scripts as a browser would, and says what it is told to. */

import { runInNewContext } from "node:vm";
import { act } from "@testing-library/react-native";
import { views } from "./webview";

export const BASE = "https://connect.example";

export interface Heard {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** Run a script in a page at an address; return the events that it dispatched. */
export function runIn(address: string, script: string): Array<{ type: string; detail: Heard }> {
  const { origin, pathname } = new URL(address);
  const events: Array<{ type: string; detail: Heard }> = [];
  class CustomEvent {
    readonly type: string;
    readonly detail: Heard;
    constructor(type: string, { detail }: { detail: Heard }) {
      this.type = type;
      this.detail = detail;
    }
  }
  const window = { dispatchEvent: (event: CustomEvent) => events.push(event) };
  runInNewContext(script, { window, location: { origin, pathname }, CustomEvent });
  return JSON.parse(JSON.stringify(events));
}

export class Page {
  /** The newest WebView. */
  get view(): (typeof views)[number] {
    const view = views[views.length - 1];
    if (!view?.isMounted) throw new Error("no WebView is there");
    return view;
  }

  get address(): string {
    return this.view.props.source.uri;
  }

  /** What the app has said to this page. */
  get heard(): Heard[] {
    return this.view.scripts.flatMap((script) => runIn(this.address, script)).map(({ detail }) => detail);
  }

  async say(message: unknown, more: { url?: unknown; data?: unknown } = {}): Promise<void> {
    await act(async () => {
      this.view.props.onMessage({
        nativeEvent: { url: this.address, data: JSON.stringify(message), ...more },
      });
    });
  }

  ready(): Promise<void> {
    return this.say({ kryptos: 1, type: "ready" });
  }

  /** Something happens to the WebView, such as `onError`. */
  async happens(event: string, nativeEvent: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await act(async () => void this.view.props[event]({ nativeEvent }));
  }
}
