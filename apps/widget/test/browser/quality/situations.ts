/** Who the person is and what is found, in several views. */

import type { Detected } from "../../../src/contracts.js";
import { TEST_ADDRESS } from "../support/widget.js";
import { type Answers, resumed } from "./answers.js";
import type { Recorded } from "./recorded.js";

/** A person who is known, of an app in test mode or of one that reaches real accounts. */
export const inSandbox = ({ known }: Recorded): Answers => ({ "GET session": resumed(known) });
export const inProduction = ({ known, real }: Recorded): Answers => ({
  "GET session": resumed({ ...known, app: { ...known.app, mode: "production" } }),
  "GET providers": real,
});

/** Several chains of which one could not be asked. */
export function manyDetected({ real }: Recorded): Detected {
  const evm = real.providers.filter((each) => each.isEVM && each.type === "blockchain" && each.isWorking);
  const chains = evm.map(({ id, publicName: name, logo }) => ({ id, name, chain_id: null, logo }));
  return { address: TEST_ADDRESS, chains: chains.slice(0, 5), unreachable: chains.slice(5, 7), looked: 6 };
}
