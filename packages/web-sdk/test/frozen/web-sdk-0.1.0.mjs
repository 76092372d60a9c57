import {
  useRef as a,
  createContext as e,
  useEffect as i,
  useCallback as n,
  useState as o,
  useContext as r,
  createElement as t,
} from "react";
var s = Object.defineProperty,
  c = (e, t, n) => () => {
    if (n) throw n[0];
    try {
      return (e && (t = e((e = 0))), t);
    } catch (e) {
      throw ((n = [e]), e);
    }
  },
  l = (e, t) => {
    const n = {};
    for (var r in e) s(n, r, { get: e[r], enumerable: !0 });
    return (t || s(n, Symbol.toStringTag, { value: `Module` }), n);
  },
  u = class extends Error {
    constructor(e, t, n) {
      super(t), Object.assign(this, { name: `KryptosConnectError`, code: e, ...n });
    }
  };
function d(e) {
  return e instanceof Error ? e.message : String(e);
}
var f = e(null);
function p({ config: e, children: n }) {
  return t(f.Provider, { value: e }, n);
}
var m = Symbol.for(`@kryptos_connect/web-sdk`),
  h = globalThis,
  ee = {
    init(e) {
      h[m] = e;
    },
  };
function g() {
  return h[m];
}
function te() {
  if (typeof document != `object`)
    return JSON.stringify(h[m], (e, t) => (e === `appLogo` && typeof t == `object` ? void 0 : t));
}
function ne(e) {
  e && !h[m] && (h[m] = JSON.parse(e));
}
var re =
    /* @__PURE__ */ `primary.primary-hover.primary-light.primary-text.primary-rgb.bg-primary.bg-secondary.bg-tertiary.bg-hover.text-primary.text-secondary.text-tertiary.text-inverse.border.border-focus.border-radius.secondary.secondary-hover.success.success-light.success-dark.error.error-light.error-dark.warning.warning-light.warning-dark.shadow-sm.shadow-md.shadow-lg`
      .split(`.`)
      .map((e) => `--kc-${e}`),
  ie = /* @__PURE__ */ l({ adoptSheet: () => ae });
function ae() {
  if (_ || !document.adoptedStyleSheets) return;
  _ = !0;
  const e = new CSSStyleSheet();
  e.replaceSync(
    ` :root { --kc-stylesheet: 1; } :where(.kc-button) { --kc-background: var(--kc-primary, #8b5cf6); align-items: center; background: var(--kc-background); border: 0; border-radius: var(--kc-border-radius, 8px); color: var(--kc-primary-text, #0a0a0a); cursor: pointer; display: inline-flex; font: 600 16px / 1.25 system-ui, sans-serif; justify-content: center; min-height: 44px; padding: 10px 20px; } :where(.kc-button-init) { --kc-background: var(--kc-primary, #00c693); } :where(.kc-button-sm) { font-size: 14px; min-height: 36px; padding: 6px 14px; } :where(.kc-button-lg) { font-size: 18px; min-height: 52px; padding: 14px 28px; } :where(.kc-button:hover) { --kc-background: var(--kc-primary-hover, var(--kc-primary, #7c3aed)); } :where(.kc-button-init:hover) { --kc-background: var(--kc-primary-hover, var(--kc-primary, #007558)); } :where(.kc-button:focus-visible) { outline: 2px solid currentcolor; outline-offset: -4px; } :where(.kc-button:disabled) { cursor: not-allowed; opacity: 0.6; } @supports (color: lch(from red l c h)) { :where(.kc-button) { color: var(--kc-primary-text, lch(from var(--kc-background) calc((49.44 - l) * 999) 0 0)); } } @media (pointer: coarse) { :where(.kc-button) { min-height: 44px; } } .kc-dialog::backdrop { background: rgb(0 0 0 / 50%); } .kc-dialog { background: var(--kc-bg-primary, #ffffff); box-shadow: var(--kc-shadow-lg, 0 8px 40px rgb(0 0 0 / 30%)); color: var(--kc-text-primary, #1f2937); color-scheme: light; } .kc-dialog[data-kc-theme="dark"] { background: var(--kc-bg-primary, #0a0a0a); color: var(--kc-text-primary, #f6f6f8); color-scheme: dark; } .kc-dialog > .kc-progress { animation: kc-turn 0.9s linear infinite; appearance: none; background: none; border: 3px solid; border-radius: 50%; border-top-color: transparent; height: 32px; inset: 0; margin: auto; position: absolute; width: 32px; } .kc-progress::-webkit-progress-bar { background: none; } .kc-progress::-moz-progress-bar { background: none; } .kc-dialog > .kc-close { background: none; border: 0; color: inherit; cursor: pointer; font: 24px / 1 sans-serif; height: 44px; inset-block-start: 4px; inset-inline-end: 4px; position: absolute; width: 44px; } @keyframes kc-turn { to { transform: rotate(1turn); } } @media (prefers-reduced-motion: reduce) { .kc-dialog > .kc-progress { animation: none; } } `,
  ),
    (document.adoptedStyleSheets = [...document.adoptedStyleSheets, e]);
}
var _,
  oe = c(() => {
    _ = !1;
  }),
  se = { "--kc-primary": `#8b5cf6`, "--kc-primary-hover": `#7c3aed`, "--kc-border-radius": `8px` },
  ce = { "--kc-text-primary": `#000000` },
  le = { "--kc-bg-primary": `#1a1a1a`, "--kc-text-primary": `#ffffff`, "--kc-border": `#404040` };
function v() {
  return matchMedia(`(prefers-color-scheme: dark)`);
}
function y(e) {
  return e === `auto` ? v().matches : e === `dark`;
}
function ue({ theme: e, cssVars: t }, n) {
  const r = (e, r) => {
    const i = document.createElement(`div`);
    i.setAttribute(`data-kc-theme`, e), document.body.append(i);
    const a = getComputedStyle(i),
      o = { ...(n && { ...se, ...r }) },
      s = {};
    for (const e of re) {
      const n = t?.[e] || a.getPropertyValue(e).trim() || o[e];
      n && (s[e] = n);
    }
    return (i.remove(), s);
  };
  return { isDark: y(e), light: r(`light`, ce), dark: r(`dark`, le) };
}
function de(e, { theme: t, cssVars: n } = {}) {
  const r = () => e.setAttribute(`data-kc-theme`, y(t) ? `dark` : `light`);
  r();
  for (const [t, r] of Object.entries(n ?? {})) e.style.setProperty(t, r);
  if (t !== `auto`) return () => {};
  const i = v();
  return (i.addEventListener(`change`, r), () => i.removeEventListener(`change`, r));
}
function fe() {
  getComputedStyle(document.documentElement).getPropertyValue(`--kc-stylesheet`) ||
    Promise.resolve()
      .then(() => (oe(), ie))
      .then(({ adoptSheet: e }) => e());
}
function b({ onSuccess: e, onError: t }) {}
var x = `https://connect-api.kryptos.io`,
  pe = /^(https:\/\/[^\s/?#@\\]+|http:\/\/((\w+\.)*localhost|127(\.\d+){3}|\[::1\])(:\d+)?)(\/[^\s?#\\]*)?$/i;
function me(e = x) {
  if (pe.test(e)) return e;
  throw new u(`BASE_URL_INVALID`, `baseUrl is "${e}". Give an https: address; http: is for localhost only.`);
}
function he(e) {
  const t = new URLSearchParams({ v: `1`, origin: e.origin });
  return (
    e.clientId ? t.set(`client_id`, e.clientId) : e.linkTokenDigest && t.set(`s`, e.linkTokenDigest),
    e.theme && t.set(`theme`, e.theme),
    e.language && t.set(`lang`, e.language),
    `${e.baseUrl.replace(/\/+$/, ``)}/connect?${t}`
  );
}
function ge(e) {
  const {
    link_token: t,
    isAuthorized: n,
    base_url: r,
  } = typeof e == `string` ? { link_token: e } : (e ?? {});
  if (!t || typeof t != `string`)
    throw new u(
      `LINK_TOKEN_FAILED`,
      `generateLinkToken returned no link token. Return { link_token: "link_…" }.`,
    );
  return { linkToken: t, isAuthorized: n === !0, baseUrl: typeof r == `string` ? r : void 0 };
}
var _e = 20;
function ve(e) {
  let t = `idle`,
    n,
    r = !1,
    i = () => {},
    a = (n) => {
      if (t === `ended`) return;
      const r = t === `blocked`;
      (t = `ended`), i(), e.remove(), r || e.settle(n);
    },
    o = (n) => {
      (t = `waiting`),
        (i = e.after(_e, () =>
          a(
            new u(
              `WIDGET_UNREACHABLE`,
              `The Connect server did not answer. Check baseUrl, the network and frame-src in your CSP.`,
            ),
          ),
        )),
        e.frame(n);
    },
    s = (t) => e.send({ type: `token`, linkToken: t.linkToken, isAuthorized: t.isAuthorized }),
    c = async () => {
      if (!(r || t === `ended`)) {
        (r = !0), (n = void 0);
        try {
          (n = ge(await e.generateLinkToken())), t === `opening` ? o(n) : t === `running` && s(n);
        } catch (e) {
          l(e);
        } finally {
          r = !1;
        }
      }
    },
    l = (n) => {
      const r = n instanceof u,
        i = r ? n.message : `generateLinkToken failed: ${d(n)}. Check your backend.`;
      t === `running`
        ? e.send({ type: `token-failed`, message: i })
        : t !== `blocked` && a(r ? n : new u(`LINK_TOKEN_FAILED`, i, { cause: n }));
    },
    f = (t, n, r) => {
      e.ask(n, r).then(
        (n) => e.send({ type: `result`, id: t, value: n }),
        (n) => {
          const { code: r } = C(n);
          e.send({ type: `failure`, id: t, code: r ? String(r) : `HOST_FAILED`, message: d(n) });
        },
      );
    },
    p = (e) => a(e instanceof u ? e : new u(`WIDGET_FAILED`, `The widget failed: ${d(e)}`, { cause: e })),
    m = () => a(new u(`USER_EXIT`, `The person closed the widget.`));
  return {
    get phase() {
      return t;
    },
    open(e) {
      t === `idle` && ((t = `opening`), e && o(), c());
    },
    frameMessage(r) {
      const a = C(r),
        { kryptos: o, type: l } = a;
      o === 1 &&
        (l === `ready` && (t === `waiting` || t === `running`)
          ? (i(),
            e.ready().then(() => {
              t !== `ended` && ((t = `running`), n ? s(n) : c());
            }, p))
          : l === `blocked` && t === `waiting` && ((t = `blocked`), i(), e.blocked(), e.settle(S(a))));
    },
    portMessage(n) {
      if (t === `ended`) return;
      const r = C(n),
        { type: i, name: o, id: s, method: l, params: u, publicToken: d } = r;
      switch (i) {
        case `need-token`:
          c();
          return;
        case `event`:
          typeof o == `string` && e.event(r);
          return;
        case `request`:
          return f(Number(s), String(l), u);
        case `success`:
          ye(d) && a({ publicToken: d });
          return;
        case `exit`:
          return a(S(r));
      }
    },
    back() {
      t === `running` ? e.send({ type: `back` }) : m();
    },
    close: m,
    unmount() {
      a(new u(`HOST_UNMOUNTED`, `The opening component was unmounted. Keep it mounted until a callback.`));
    },
    fail: p,
  };
}
function S({ code: e, message: t, requestId: n }) {
  return new u(String(e), String(t), n ? { requestId: String(n) } : {});
}
function C(e) {
  return e ?? {};
}
function ye(e) {
  return e === null || (typeof e == `string` && e !== ``);
}
var w = `Kryptos Connect`,
  T = {
    en: `Close`,
    fr: `Fermer`,
    de: `Schließen`,
    pt: `Fechar`,
    sv: `Stäng`,
    es: `Cerrar`,
    pl: `Zamknij`,
    it: `Chiudi`,
  },
  E = `(480px - 100vw)*9999`,
  be = `display:block;position:fixed;inset:0;margin:auto;padding:0;border:0;overflow:hidden;pointer-events:auto;max-width:none;max-height:none;width:min(100%,max(440px,${E}));height:min(100%,max(min(720px,90vh),${E}));border-radius:max(0px,min(var(--kc-border-radius,8px),${E}*-1))`;
function xe({ look: e, language: t, opener: n, onBack: r, onClose: i }) {
  const a = n ?? document.activeElement,
    o = D(document.body, `dialog`, w);
  o.setAttribute(`data-kc-theme`, e.isDark ? `dark` : `light`), O(o, be);
  for (const [t, n] of Object.entries(e.isDark ? e.dark : e.light)) o.style.setProperty(t, n);
  const s = D(o, `progress`, w),
    c = D(o, `iframe`, w);
  c.setAttribute(
    `sandbox`,
    `allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox`,
  ),
    (c.allow = `clipboard-write;publickey-credentials-get`),
    (c.referrerPolicy = `no-referrer`),
    O(c, `position:absolute;inset:0;border:0;width:100%;height:100%;visibility:hidden`);
  const l = D(o, `button`, T[t ?? navigator.language.slice(0, 2)] || T.en);
  (l.className = `kc-close`),
    (l.textContent = `×`),
    (l.onclick = i),
    (o.oncancel = (e) => {
      e.preventDefault(), r();
    }),
    (o.onclose = i);
  const u = Se(document.documentElement);
  o.showModal();
  const d = () => {
      for (const e of l.isConnected ? [l] : [c, c.contentWindow]) e?.focus();
    },
    f = () => queueMicrotask(d);
  return (
    addEventListener(`focus`, f, !0),
    {
      frame: c,
      close: l,
      reveal() {
        s.remove(), O(c, `visibility:visible`), c.focus();
      },
      focus: d,
      remove() {
        removeEventListener(`focus`, f, !0), o.remove(), u(), a?.focus({ preventScroll: !0 });
      },
    }
  );
}
function D(e, t, n) {
  const r = document.createElement(t);
  return (
    (r.className = `kc-${t}`), r.setAttribute(t === `iframe` ? `title` : `aria-label`, n), e.append(r), r
  );
}
function O(e, t) {
  for (const n of t.split(`;`)) e.style.setProperty(...n.split(`:`));
}
function Se(e) {
  const t = [`overflow`, `scrollbar-gutter`].map((t) => [t, e.style.getPropertyValue(t)]);
  return (
    O(e, innerWidth > e.clientWidth ? `overflow:hidden;scrollbar-gutter:stable` : `overflow:hidden`),
    () => {
      for (const n of t) e.style.setProperty(...n);
    }
  );
}
function k(e) {
  const [t = ``, n = ``, r = ``, i = ``] = F.exec(e) ?? [];
  if (!t || e.length > j) return null;
  const a = P[r],
    o = e.slice(t.length).split(`
`),
    s = I.test(o[0] ?? ``) ? o.shift() : void 0;
  if ((s !== void 0 || a === `evm`) && o.shift() !== ``) return null;
  const c = A(o),
    l = a === `evm` ? [...N, `Chain ID`] : N;
  return !c || l.some((e) => !c.get(e))
    ? null
    : { family: a, domain: n, address: i, statement: s, fields: c };
}
function A(e) {
  let t = /* @__PURE__ */ new Map(),
    n = 0,
    r = e;
  for (const i of e) {
    const [, e = ``, a = ``] = /^([A-Z][A-Za-z ]*): ([!-~]+)$/.exec(i) ?? [],
      o = M.indexOf(e, n);
    if (o < 0) break;
    t.set(e, a), (n = o + 1), (r = r.slice(1));
  }
  const [i, ...a] = r;
  return i === void 0 || (i === `Resources:` && a.every((e) => /^- [!-~]+$/.test(e))) ? t : null;
}
var j,
  M,
  N,
  P,
  F,
  I,
  L = c(() => {
    (j = 4096),
      (M = [
        `URI`,
        `Version`,
        `Chain ID`,
        `Nonce`,
        `Issued At`,
        `Expiration Time`,
        `Not Before`,
        `Request ID`,
      ]),
      (N = [`URI`, `Version`, `Nonce`, `Issued At`]),
      (P = { Ethereum: `evm`, Solana: `solana` }),
      (F =
        /^([\w.[\]:-]{1,255}) wants you to sign in with your (Ethereum|Solana) account:\n([0-9A-Za-z]{32,44})\n\n/),
      (I = /^(?!URI: )[ -~]+$/);
  }),
  R,
  z = c(() => {
    R = class extends Error {
      constructor(e, t) {
        super(t), Object.assign(this, { name: `WalletRefused`, code: e });
      }
    };
  });
function Ce(e) {
  return typeof e?.request == `function`;
}
function we(e) {
  return {
    family: `evm`,
    canProve: !0,
    async accounts() {
      const t = B(await e.request({ method: `eth_requestAccounts` })),
        n = await e.request({ method: `eth_chainId` }).catch(() => null);
      return {
        addresses: t,
        chainId: typeof n == `string` && /^0x[0-9a-f]{1,12}$/i.test(n) ? Number(n) : void 0,
      };
    },
    async sign(t, n) {
      if (!B(await e.request({ method: `eth_accounts` })).some((e) => e.toLowerCase() === t.toLowerCase()))
        throw new R(
          `WALLET_ACCOUNT_MISSING`,
          `The wallet does not give out this address now. Choose its account in the wallet, and connect again.`,
        );
      const r = await e.request({ method: `personal_sign`, params: [Te(n), t] });
      if (typeof r == `string` && /^0x([0-9a-f]{2})+$/i.test(r)) return { message: n, signature: r };
      throw Error(`no signature`);
    },
  };
}
function B(e) {
  return (Array.isArray(e) ? e : []).filter((e) => typeof e == `string` && /^0x[0-9a-f]{40}$/i.test(e));
}
function Te(e) {
  return `0x${[...new TextEncoder().encode(e)].map((e) => e.toString(16).padStart(2, `0`)).join(``)}`;
}
var Ee = c(() => {
  z();
});
function De(e) {
  var t;
  const { name: n, chains: r, features: i } = e ?? {};
  return (
    typeof n == `string` &&
    Array.isArray(r) &&
    r.some((e) => String(e).startsWith(`solana:`)) &&
    typeof (i == null || (t = i[`standard:connect`]) == null ? void 0 : t.connect) == `function`
  );
}
function Oe(e) {
  const { features: t } = e,
    n = t[`solana:signMessage`],
    r = t[`solana:signIn`];
  return {
    family: `solana`,
    canProve: !!(n ?? r),
    async accounts() {
      const { accounts: e } = await t[`standard:connect`].connect();
      return {
        addresses: e
          .filter(({ chains: e }) => e.some((e) => e.startsWith(`solana:`)))
          .map(({ address: e }) => String(e)),
      };
    },
    async sign(t, i) {
      if (!n) return V(await r?.signIn(ke(i)));
      const a = e.accounts.find((e) => e.address === t);
      if (a) return V(await n.signMessage({ account: a, message: new TextEncoder().encode(i) }));
      throw new R(
        `WALLET_ACCOUNT_MISSING`,
        `The wallet does not give out this address now. Choose its account in the wallet, and connect again.`,
      );
    },
  };
}
function ke(e) {
  const t = k(e);
  if (!t) return {};
  const { domain: n, address: r, statement: i, fields: a } = t;
  return {
    ...Object.fromEntries([...a].map(([e, t]) => [Ae(e), t])),
    domain: n,
    address: r,
    ...(i === void 0 ? {} : { statement: i }),
  };
}
function Ae(e) {
  const [t = ``, ...n] = e.split(` `);
  return [t.toLowerCase(), ...n].join(``).replace(/ID$/, `Id`);
}
function V(e) {
  const [t] = e ?? [];
  if (!t) throw Error(`no signature`);
  return { message: new TextDecoder().decode(t.signedMessage), signature: je(t.signature) };
}
function je(e) {
  let t = ``;
  for (let n = 0; n < e.length; n += 3) {
    const r = [...e.slice(n, n + 3)],
      i = r.reduce((e, t, n) => e | (t << (16 - 8 * n)), 0);
    for (let e = 0; e <= r.length; e += 1) t += H[(i >> (18 - 6 * e)) & 63];
  }
  return t.padEnd(4 * Math.ceil(e.length / 3), `=`);
}
var H,
  Me = c(() => {
    L(), z(), (H = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/`);
  });
function Ne(e) {
  const t = /* @__PURE__ */ new Map(),
    n = (e, n, r, i) => {
      if (t.has(e) || t.size >= W) return;
      const { family: a, canProve: o } = i,
        s = { id: e, name: Fe(n), icon: Ie(r), family: a, canProve: o };
      t.set(e, { shown: s, wallet: i });
    },
    r = ({ detail: e }) => {
      const { info: t, provider: r } = e ?? {};
      t && Ce(r) && n(`evm:${t.rdns ?? t.uuid ?? t.name}`, t.name, t.icon, we(r));
    },
    i = (...e) => {
      const r = e.filter(De).map((e) => (n(`solana:${e.name}`, e.name, e.icon, Oe(e)), `solana:${e.name}`));
      return () => {
        for (const e of r) t.delete(e);
      };
    },
    a = ({ detail: e }) => {
      typeof e == `function` && e({ register: i });
    };
  e.addEventListener(`eip6963:announceProvider`, r),
    e.addEventListener(`wallet-standard:register-wallet`, a),
    e.dispatchEvent(new e.CustomEvent(`wallet-standard:app-ready`, { detail: { register: i } }));
  const o = (e) => {
      const n = t.get(e);
      if (n) return n.wallet;
      throw new R(
        `WALLET_UNKNOWN`,
        `This wallet is not there any more. Reload the page, or type the address.`,
      );
    },
    s = {
      list() {
        return (
          e.dispatchEvent(new e.CustomEvent(`eip6963:requestProvider`, { detail: null })),
          [...t.values()].map(({ shown: e }) => e)
        );
      },
      async accounts(e) {
        return U(o(e).accounts());
      },
      async prove(t, n, r) {
        const i = o(t);
        return (Pe(i.family, e.location.host, n, r), U(i.sign(n, r)));
      },
      async answer(e, t) {
        const { wallet: n, address: r, message: i } = t ?? {};
        if (e === `wallets.list`) return s.list();
        if (e === `wallet.accounts`) return s.accounts(String(n));
        if (e === `wallet.prove`) return s.prove(String(n), String(r), String(i));
        throw new R(`METHOD_UNKNOWN`, `This version of the SDK cannot do "${e}". Update it.`);
      },
      close() {
        e.removeEventListener(`eip6963:announceProvider`, r),
          e.removeEventListener(`wallet-standard:register-wallet`, a),
          t.clear();
      },
    };
  return s;
}
function Pe(e, t, n, r) {
  const i = k(r),
    a = (t) => (e === `evm` ? t.toLowerCase() : t);
  if (i?.family !== e || i.domain !== t || a(i.address) !== a(n))
    throw new R(
      `NOT_A_SIGN_IN_MESSAGE`,
      `Refused: a wallet signs nothing but a sign-in message of ${t} that names its own address.`,
    );
}
async function U(e) {
  try {
    return await e;
  } catch (e) {
    if (e instanceof R) throw e;
    const t = e?.code,
      n = (e instanceof Error ? e.message : String(e)).slice(0, 200);
    throw t === q || /reject|denied|declined|cancel/i.test(n)
      ? new R(`WALLET_REJECTED`, `The request was declined in the wallet.`)
      : t === J
        ? new R(`WALLET_BUSY`, `Open the wallet: an earlier request waits there.`)
        : new R(`WALLET_FAILED`, `The wallet answered: ${n}`);
  }
}
function Fe(e) {
  return [...(typeof e == `string` ? e.replace(/\p{C}+/gu, ``).trim() : ``)].slice(0, G).join(``) || `Wallet`;
}
function Ie(e) {
  return typeof e == `string` && e.length <= K && /^data:image\//.test(e) ? e : void 0;
}
var W,
  G,
  K,
  q,
  J,
  Le = c(() => {
    L(), z(), Ee(), Me(), (W = 50), (G = 64), (K = 1e5), (q = 4001), (J = -32002);
  }),
  Re = /* @__PURE__ */ l({ openWallets: () => Ne }),
  ze = c(() => {
    Le();
  }),
  Be = /* @__PURE__ */ l({ logoOf: () => Ve });
function Ve(e, t) {
  if (typeof e == `string`) return Y(new URL(e, location.href).href);
  const n = t?.querySelector(`[data-kc-logo] img, [data-kc-logo] svg`);
  if (n) return Y(n instanceof HTMLImageElement ? Ue(n) : He(n));
}
function Y(e) {
  return /^(https:|data:image\/)/.test(e) && e.length <= X ? e : void 0;
}
function He(e) {
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(e))}`;
}
function Ue(e) {
  if (Y(e.src)) return e.src;
  const t = document.createElement(`canvas`);
  (t.width = e.naturalWidth), (t.height = e.naturalHeight);
  try {
    var n;
    return ((n = t.getContext(`2d`)) == null || n.drawImage(e, 0, 0), t.toDataURL());
  } catch {
    return ``;
  }
}
var X,
  We = c(() => {
    X = 2e5;
  }),
  Z = `web-sdk/0.1.0`,
  Q = null;
function Ge(e) {
  return Q
    ? (Q.focus(),
      Q.owner === e.owner
        ? Q
        : (e.onOutcome(new u(`ALREADY_OPEN`, `The widget is open already. Wait for its callback.`)), null))
    : Ke(e);
}
function Ke(e) {
  let { settings: t } = e,
    { clientId: n, theme: r = `light`, language: i } = t,
    a = ue(t, e.isFirstGeneration),
    o = xe({ look: a, language: i, opener: e.opener, onBack: () => m.back(), onClose: () => m.close() }),
    s = qe(t.appLogo, e.opener),
    c,
    l,
    u,
    d = ({ source: e, origin: t, data: n }) => {
      e && e === o.frame.contentWindow && t === c && m.frameMessage(n);
    },
    f = async (e) => {
      const a = me(t.baseUrl || e?.baseUrl),
        s = e && (await Je(e.linkToken));
      ({ origin: c } = new URL(a)),
        (o.frame.src = he({
          baseUrl: a,
          origin: location.origin,
          clientId: n,
          linkTokenDigest: s,
          theme: r,
          language: i,
        }));
    },
    p = (e) => l?.postMessage(e),
    m = ve({
      generateLinkToken: e.generateLinkToken,
      frame: (e) => {
        f(e).catch(m.fail);
      },
      ready: async () => {
        var n;
        o.reveal(), o.close.remove();
        const u = new MessageChannel();
        l?.close(), (l = u.port1), (l.onmessage = ({ data: e }) => m.portMessage(e));
        const d = { kryptos: 1, type: `hello`, v: 1, sdk: Z };
        (n = o.frame.contentWindow) == null || n.postMessage(d, c, [u.port2]);
        const f = await s;
        p({
          type: `config`,
          appName: t.appName ?? ``,
          appLogo: f,
          theme: r,
          language: i,
          authMethods: t.authMethods,
          cssVars: a.light,
          cssVarsDark: a.dark,
          integrationName: e.integrationName,
          prefill: e.prefill,
          walletConnectProjectId: t.walletConnectProjectId,
        });
      },
      blocked: o.reveal,
      send: p,
      ask: async (e, t) => (
        (u ??= Promise.resolve()
          .then(() => (ze(), Re))
          .then(({ openWallets: e }) => e(window))),
        (await u).answer(e, t)
      ),
      event: e.onEvent,
      remove: () => {
        (Q = null),
          removeEventListener(`message`, d),
          l?.close(),
          u?.then((e) => e.close()),
          o.remove(),
          e.onToggle(!1);
      },
      settle: e.onOutcome,
      after: (e, t) => {
        const n = setTimeout(t, e * 1e3);
        return () => clearTimeout(n);
      },
    });
  return (
    (Q = { owner: e.owner, focus: o.focus, unmount: m.unmount }),
    addEventListener(`message`, d),
    e.onToggle(!0),
    m.open(!!n),
    Q
  );
}
function qe(e, t) {
  if (e)
    return typeof e == `string` && /^(https|data):/.test(e)
      ? e
      : Promise.resolve()
          .then(() => (We(), Be))
          .then(({ logoOf: n }) => n(e, t))
          .catch(() => void 0);
}
async function Je(e) {
  if (!crypto.subtle)
    throw new u(`CLIENT_UNKNOWN`, `No clientId is given. Give it, or serve the page over https:.`);
  const t = new Uint8Array(await crypto.subtle.digest(`SHA-256`, new TextEncoder().encode(e)));
  return Array.from(t, (e) => e.toString(16).padStart(2, `0`)).join(``);
}
function Ye(e) {
  return $(e);
}
var Xe = { current: null };
function $(e, t = Xe) {
  const s = r(f),
    c = a({ config: s, options: e }),
    l = a(null),
    u = a(!1),
    [d, p] = o(!1),
    [m, h] = o(!1);
  return (
    i(() => {
      c.current = { config: s, options: e };
    }),
    i(
      () => (
        (u.current = !0),
        fe(),
        p(!0),
        () => {
          var e;
          (u.current = !1), (e = l.current) == null || e.unmount();
        }
      ),
      [],
    ),
    {
      open: n(() => {
        const e = c.current;
        l.current = Ge({
          owner: c,
          isFirstGeneration: !!e.config,
          settings: { ...g(), ...e.config, ...(e.options.baseUrl && { baseUrl: e.options.baseUrl }) },
          opener: t.current,
          integrationName: e.options.integrationName,
          prefill: e.options.extraConfig?.prefill,
          generateLinkToken: () => {
            var e;
            return (e = c.current.options).generateLinkToken?.call(e);
          },
          onEvent: (e) => {
            var t;
            return (t = c.current.options).onEvent?.call(t, e);
          },
          onToggle: (e) => {
            u.current && h(e);
          },
          onOutcome: (e) => Ze(e, c.current.options),
        });
      }, [t]),
      ready: d,
      isOpen: m,
    }
  );
}
function Ze(e, t) {
  b(t);
  const { onConnectSuccess: n = t.onSuccess, onConnectError: r = t.onError } = t;
  e instanceof u ? r?.(e) : n?.(e.publicToken === null ? null : { public_token: e.publicToken });
}
var Qe = [
  `generateLinkToken`,
  `onConnectSuccess`,
  `onConnectError`,
  `onSuccess`,
  `onError`,
  `onEvent`,
  `integrationName`,
  `extraConfig`,
  `baseUrl`,
];
function $e(e) {
  const { children: n = `Connect to Kryptos`, size: o = `md`, className: s = ``, ...c } = e,
    l = c;
  for (const e of Qe) delete l[e];
  const u = a(null),
    d = r(f),
    { open: p } = $(e, u),
    m = d ?? g(),
    h = m?.appLogo;
  return (
    i(() => {
      const e = u.current;
      if (e) return (ne(e.getAttribute(`data-kc-init`)), de(e, d ?? g()));
    }),
    t(
      `button`,
      {
        ...l,
        ref: u,
        type: `button`,
        className: `kc-button kc-button-${o} kc-button-${d ? `provider` : `init`} ${s}`,
        "data-kc-theme": m?.theme === `dark` ? `dark` : `light`,
        "data-kc-init": d ? void 0 : te(),
        suppressHydrationWarning: !0,
        onClick: p,
      },
      n,
      h && typeof h != `string` && t(`span`, { hidden: !0, "data-kc-logo": `` }, h),
    )
  );
}
export {
  $e as KryptosConnectButton,
  ee as KryptosConnect,
  p as KryptosConnectProvider,
  u as KryptosConnectError,
  Ye as useKryptosConnect,
};
