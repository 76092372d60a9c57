/** What outlives a reload of this page in this tab: memory alone where the browser forbids storage. */

const PREFIX = "kryptos-connect:";

export function remember(name: string, value: string): void {
  try {
    sessionStorage.setItem(PREFIX + name, value);
  } catch {
    // Third-party storage is blocked: a reload then begins again, nothing else is lost.
  }
}

export function recall(name: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // There was nothing to forget.
  }
}
