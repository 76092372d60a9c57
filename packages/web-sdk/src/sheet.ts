/** Our stylesheet for apps that do not import it; a file of its own, loaded only there. */

/** The text of `styles/index.css`; put in by the build. */
declare const STYLESHEET: string;

let isAdopted = false;

/** Add the stylesheet in the way that a strict CSP allows; browsers that cannot show plain buttons. */
export function adoptSheet(): void {
  if (isAdopted || !document.adoptedStyleSheets) return;
  isAdopted = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLESHEET);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
