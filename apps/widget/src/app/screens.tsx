/** Draws the screen that is shown; those beyond signing in are fetched when the first one stands. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api/client.js";
import type { Connect, Screen } from "../contracts.js";
import type { Texts } from "../i18n/texts.js";
import { Code } from "../screens/Code.js";
import { Landing } from "../screens/Landing.js";
import { Problem } from "../screens/Problem.js";
import { LoadingScreen } from "./loading-screen.js";

type Load<P> = () => Promise<ComponentType<P>>;

const LATER = {
  workspace: () => import("../screens/WorkspaceChoice.js").then((module) => module.WorkspaceChoice),
  consent: () => import("../screens/Consent.js").then((module) => module.Consent),
  picker: () => import("../screens/Picker.js").then((module) => module.Picker),
  form: () => import("../screens/ProviderForm.js").then((module) => module.ProviderForm),
  address: () => import("../screens/AddressChoice.js").then((module) => module.AddressChoice),
  "browser-wallets": () => import("../screens/BrowserWallets.js").then((module) => module.BrowserWallets),
  status: () => import("../screens/Status.js").then((module) => module.Status),
} as const;

type LaterName = keyof typeof LATER;

interface Props {
  readonly screen: Screen;
  readonly texts: Texts;
  readonly onRetry: () => Promise<void>;
  readonly onFailure: (thrown: unknown) => void;
}

export function ShownScreen({ screen, texts, onRetry, onFailure }: Props) {
  if (screen.name === "landing") return <Landing />;
  if (screen.name === "code") return <Code email={screen.email} />;
  // A problem may be that nothing more can be fetched: its screen is there from the start.
  if (screen.name === "problem") return <Problem failure={screen.failure} onRetry={onRetry} />;
  const { name, ...fields } = screen;
  return (
    <Later
      // Another visit is another screen: nothing typed before is still there.
      key={JSON.stringify(screen)}
      name={name}
      fields={fields}
      texts={texts}
      onFailure={onFailure}
    />
  );
}

const loaded = new Map<LaterName, ComponentType<never>>();

interface LaterProps {
  readonly name: LaterName;
  readonly fields: object;
  readonly texts: Texts;
  readonly onFailure: (thrown: unknown) => void;
}

function Later({ name, fields, texts, onFailure }: LaterProps) {
  const [isReady, setReady] = useState(loaded.has(name));
  useEffect(() => {
    if (!isReady) load(name, texts).then(() => setReady(true), onFailure);
  }, []);
  const Component = loaded.get(name) as ComponentType<object> | undefined;
  return isReady && Component ? <Component {...fields} /> : <LoadingScreen />;
}

async function load(name: LaterName, texts: Texts): Promise<void> {
  const fetch = LATER[name] as Load<never>;
  const [component] = await Promise.all([
    fetch().catch(() => {
      throw new ApiError({ code: "OFFLINE" });
    }),
    texts.load("connect"),
  ]);
  loaded.set(name, component);
}

/** Fetch what will be needed while the person reads the first screen. */
export function prefetchScreens(texts: Texts, providers: Connect["providers"]): void {
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
  idle(() => {
    const names = Object.keys(LATER) as LaterName[];
    // What cannot be fetched now is fetched, and its failure told, when it is needed.
    for (const name of names) load(name, texts).catch(() => undefined);
    providers().catch(() => undefined);
  });
}
