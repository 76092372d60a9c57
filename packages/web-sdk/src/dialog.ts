/**
 * The dialog around the widget's frame. Native and modal: the page behind it is inert, and cannot take the focus.
 *
 * Its place and size are set one by one through the CSSOM, the rest stands in the stylesheet: a page whose CSP forbids
 * inline styles sees no violation, and a page without our stylesheet still shows the widget. Below 480 px of width the
 * frame fills the screen; the sizes say so themselves, since media queries need a stylesheet.
 */

import type { Language } from "@kryptos_connect/connect-core";
import type { Look } from "./look.js";

export interface DialogOptions {
  readonly look: Look;
  readonly language: Language | undefined;
  /** What the focus returns to; else what had it. */
  readonly opener: HTMLElement | null;
  /** Esc in the page, or Android's back key. */
  onBack(): void;
  /** The × of ours, or a browser that closes the dialog whatever we say. */
  onClose(): void;
}

export interface Dialog {
  readonly frame: HTMLIFrameElement;
  /** The × of ours, until the widget shows its own. */
  readonly close: HTMLButtonElement;
  /** The frame has something to show. */
  reveal(): void;
  focus(): void;
  remove(): void;
}

const TITLE = "Kryptos Connect";
const CLOSE: Record<Language, string> = {
  en: "Close",
  fr: "Fermer",
  de: "Schließen",
  pt: "Fechar",
  sv: "Stäng",
  es: "Cerrar",
  pl: "Zamknij",
  it: "Chiudi",
};

/** A length that is huge below 480 px of width, and negative above. */
const NARROW = "(480px - 100vw)*9999";
const PLACE = `display:block;position:fixed;inset:0;margin:auto;padding:0;border:0;overflow:hidden;pointer-events:auto;max-width:none;max-height:none;width:min(100%,max(440px,${NARROW}));height:min(100%,max(min(720px,90vh),${NARROW}));border-radius:max(0px,min(var(--kc-border-radius,8px),${NARROW}*-1))`;

export function openDialog({ look, language, opener, onBack, onClose }: DialogOptions): Dialog {
  const previous = opener ?? (document.activeElement as HTMLElement | null);
  const unlock = lockScroll(document.documentElement); // it measures: best done while nothing has changed
  const dialog = add(document.body, "dialog", TITLE);
  dialog.setAttribute("data-kc-theme", look.isDark ? "dark" : "light");
  style(dialog, PLACE);
  for (const [name, value] of Object.entries(look.isDark ? look.dark : look.light))
    dialog.style.setProperty(name, value);

  const spinner = add(dialog, "progress", TITLE);
  const frame = add(dialog, "iframe", TITLE);
  frame.setAttribute(
    "sandbox",
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
  );
  frame.allow = "clipboard-write;publickey-credentials-get";
  frame.referrerPolicy = "no-referrer";
  style(frame, "position:absolute;inset:0;border:0;width:100%;height:100%;visibility:hidden");

  const close = add(
    dialog,
    "button",
    CLOSE[language ?? (navigator.language.slice(0, 2) as Language)] || CLOSE.en,
  );
  close.className = "kc-close";
  close.textContent = "×";
  close.onclick = onClose;

  dialog.oncancel = (event) => {
    event.preventDefault();
    onBack();
  };
  dialog.onclose = onClose;
  dialog.showModal();

  // The frame may be the page's active element already, and yet not have the focus: its window takes it then.
  const focus = (): void => {
    for (const each of close.isConnected ? [close] : [frame, frame.contentWindow]) each?.focus();
  };
  // Inert as it is, the page can still take the focus out of a frame (`window.focus()`, `blur()`): it goes back.
  const giveBack = (): void => queueMicrotask(focus);
  addEventListener("focus", giveBack, true);

  return {
    frame,
    close,
    reveal() {
      spinner.remove();
      style(frame, "visibility:visible");
      frame.focus();
    },
    focus,
    remove() {
      removeEventListener("focus", giveBack, true);
      dialog.remove(); // an open one also leaves the top layer
      unlock();
      previous?.focus({ preventScroll: true });
    },
  };
}

function add<T extends keyof HTMLElementTagNameMap>(
  parent: Element,
  tag: T,
  label: string,
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  element.className = `kc-${tag}`;
  element.setAttribute(tag === "iframe" ? "title" : "aria-label", label);
  parent.append(element);
  return element;
}

function style(element: HTMLElement, rules: string): void {
  for (const rule of rules.split(";")) element.style.setProperty(...(rule.split(":") as [string, string]));
}

/** Keep the page behind from scrolling, and from moving where its scrollbar was; returns how to undo it. */
function lockScroll(root: HTMLElement): () => void {
  const before = ["overflow", "scrollbar-gutter"].map(
    (name) => [name, root.style.getPropertyValue(name)] as const,
  );
  style(root, innerWidth > root.clientWidth ? "overflow:hidden;scrollbar-gutter:stable" : "overflow:hidden");
  return () => {
    for (const rule of before) root.style.setProperty(...rule);
  };
}
