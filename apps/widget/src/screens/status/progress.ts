/** What the state of a connection comes to, in the few words that the overview tells apart. */

import type { Connection, Stage } from "../../contracts.js";

export type Progress = "reading" | "done" | "partial" | "failed";

type Standing = Pick<Connection, "status"> & Partial<Pick<Connection, "code">>;

export function progressOf({ status, code }: Standing): Progress {
  if (status === "COMPLETED") return "done";
  if (status === "PARTIALLY SYNCED") return "partial";
  // One that was paused before anybody read it says `active`, as if it were about to be.
  return status === "FAILED" || code === "SYNC_PAUSED" ? "failed" : "reading";
}

export type StageState = "waiting" | "reading" | "done" | "partial" | "failed" | "unsupported";

export function stageStateOf({ status, chains_done: done }: Stage): StageState {
  switch (status) {
    case "COMPLETED":
      return "done";
    case "PARTIALLY COMPLETED":
    case "PARTIALLY SYNCED":
      return "partial";
    case "FAILED":
      return "failed";
    case "NOT SUPPORTED":
      return "unsupported";
    case "PENDING":
      return "waiting";
    default:
      // The server says `ONGOING` of what waits as well.
      return done > 0 ? "reading" : "waiting";
  }
}

/** How all connections together stand; the worst thing that is settled counts only once nothing is read any more. */
export function overallOf(connections: readonly Connection[]): Progress | "none" {
  const all = connections.map(progressOf);
  if (all.length === 0) return "none";
  if (all.includes("reading")) return "reading";
  if (all.every((each) => each === "done")) return "done";
  return all.every((each) => each === "failed") ? "failed" : "partial";
}
