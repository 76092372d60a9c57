/** The widget's first screen as React draws it: at once, or after the widget's own conversation cut to its least. */

import "./peer.css";

import { type FormEvent, useState } from "react";
import { createRoot } from "react-dom/client";

function Reason({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className="reason">
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="8" />
      </svg>
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
    </div>
  );
}

function Landing({ app }: { readonly app: string }) {
  const [email, setEmail] = useState("");
  const [wrong, setWrong] = useState(false);
  const start = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!email.includes("@"));
  };
  return (
    <form onSubmit={start} noValidate>
      <h1>{app} uses Kryptos Connect</h1>
      <Reason title="Quick" text="Connect exchanges, wallets and blockchains in a few steps." />
      <Reason title="Read only" text={`${app} can see balances and transactions, and can move nothing.`} />
      <label>
        E-mail
        <input
          type="email"
          name="email"
          autoComplete="email"
          value={email}
          aria-invalid={wrong}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <button type="submit" className="button-primary">
        Continue
      </button>
      <button type="button" onClick={() => setEmail("")}>
        Continue as a guest
      </button>
    </form>
  );
}

/** Say that the frame listens, wait for the host's link token, and ask the session who wants to connect. */
async function askForApp(): Promise<string> {
  const linkToken = new Promise<string>((resolve) => {
    addEventListener("message", ({ data }) => resolve(data.linkToken), { once: true });
  });
  window.parent.postMessage("ready", "*");
  const reply = await fetch("/session", { headers: { "X-LINK-TOKEN": await linkToken } });
  return (await reply.json()).app.name;
}

const root = document.getElementById("root");
if (root) {
  const app = location.search === "?asks" ? await askForApp() : "A page";
  createRoot(root).render(<Landing app={app} />);
}
