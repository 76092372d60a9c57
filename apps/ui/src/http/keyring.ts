/** Idempotency keys: new for each thing the person does, the same for each retry of it. */

import { ApiError, isUncertain } from "./errors.js";

/**
 * Carries out a call that changes something under a key.
 *
 * When nothing is known about what became of a call, its key is kept: trying the same again, also by a press of
 * "Try again" much later, gets the first answer instead of doing it twice.
 */
export function createKeyring(newKey: () => string = () => crypto.randomUUID()) {
  const open = new Map<string, string>();

  return async function under<T>(content: string, work: (key: string) => Promise<T>): Promise<T> {
    const key = open.get(content) ?? newKey();
    open.set(content, key);
    try {
      const value = await work(key);
      open.delete(content);
      return value;
    } catch (failure) {
      if (!(failure instanceof ApiError && isUncertain(failure))) open.delete(content);
      throw failure;
    }
  };
}
