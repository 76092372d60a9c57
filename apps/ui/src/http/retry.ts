/** Repeats a call that got no answer, or that was asked to wait a moment. */

import { ApiError } from "./errors.js";

const WAITS_MS = [400, 1_200];
const LONGEST_WAIT_SECONDS = 5;

export type Sleep = (milliseconds: number) => Promise<void>;

export const sleep: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Up to two more tries; safe for everything that is read, and for everything that carries an idempotency key. */
export async function withRetries<T>(work: () => Promise<T>, pause: Sleep): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await work();
    } catch (failure) {
      const milliseconds = pauseBefore(failure, wait);
      if (milliseconds === null) throw failure;
      await pause(milliseconds);
    }
  }
  return work();
}

/** Null where a repetition cannot help, or the person would wait too long without being told why. */
function pauseBefore(failure: unknown, wait: number): number | null {
  if (!(failure instanceof ApiError)) return null;
  if (failure.code === "OFFLINE") return wait;
  if (failure.status !== 503 && failure.status !== 429) return null;
  const asked = failure.retryAfterSeconds;
  if (asked === null) return failure.status === 503 ? wait : null;
  return asked <= LONGEST_WAIT_SECONDS ? Math.max(asked * 1000, wait) : null;
}
