/** What the page and the worker of one pairing say to each other. */

/** Page → worker, once, at the beginning. */
export interface PairAsked {
  readonly type: "pair";
  readonly projectId: string;
  readonly relayUrl: string;
  /** What the wallet shows: who asks, and from where. */
  readonly asker: { readonly name: string; readonly description: string; readonly url: string };
  /** Chains by their CAIP-2 names, and the one method that is asked for on each. */
  readonly namespaces: Readonly<
    Record<string, { readonly chains: readonly string[]; readonly method: string }>
  >;
}

/** Page → worker: have a text signed. `params` is in the method's own form. */
export interface SignAsked {
  readonly type: "sign";
  readonly id: number;
  readonly chain: string;
  readonly method: string;
  readonly params: unknown;
}

/** Page → worker: say goodbye to the wallet. Answered by `ended`. */
export interface EndAsked {
  readonly type: "end";
}

export type ToWorker = PairAsked | SignAsked | EndAsked;

/** An account as the wallet gave it (CAIP-10), and whether it signs texts there. */
export interface GivenAccount {
  readonly id: string;
  readonly canSign: boolean;
}

export type FromWorker =
  /** The socket to the relay was opened, or closed with a code (1006: it was never open, or was cut). */
  | { readonly type: "line"; readonly isOpen: true }
  | { readonly type: "line"; readonly isOpen: false; readonly code: number }
  /** The link of the pairing, which its QR code holds. It opens the pairing: it is a secret. */
  | { readonly type: "offered"; readonly uri: string }
  | { readonly type: "approved"; readonly accounts: readonly GivenAccount[] }
  /** The pairing came to nothing: the wallet's own code, or 0. */
  | { readonly type: "failed"; readonly code: number; readonly message: string }
  | { readonly type: "signed"; readonly id: number; readonly result: unknown }
  | { readonly type: "refused"; readonly id: number; readonly code: number; readonly message: string }
  /** The wallet ended the session. */
  | { readonly type: "left" }
  | { readonly type: "ended" };
