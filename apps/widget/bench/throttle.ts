/** Makes a page, and the frames of other sites in it, as slow as on a weak phone, and shows that they are. */

import type { Browser, BrowserContext, Frame, Page } from "playwright-core";

import type { Pages } from "./pages.js";

export const RATE = 4;
/** Less than the rate, for the machine is busy now and then; far from 1, where nothing is slowed at all. */
const LEAST_SLOWDOWN = 2;
/** In turn; the best of each counts, which a busy machine disturbs least. */
const TRIES = 12;

/** Slow a page down, and every frame of it that has a process of its own, before the frame runs its first script. */
export async function throttle(page: Page, rate = RATE): Promise<void> {
  const session = await page.context().newCDPSession(page);
  session.on("Target.attachedToTarget", ({ sessionId }) => {
    const tell = (id: number, method: string, params: object) =>
      session.send("Target.sendMessageToTarget", {
        sessionId,
        message: JSON.stringify({ id, method, params }),
      });
    const told = [
      tell(1, "Emulation.setCPUThrottlingRate", { rate }),
      tell(2, "Runtime.runIfWaitingForDebugger", {}),
    ];
    for (const each of told) each.catch(() => undefined); // a frame may be gone already
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  await session.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: false,
  });
}

/** Give how much slower the same work is in a slowed frame of another site; refuse to go on where it is not. */
export async function requireSlowdown(browser: Browser, pages: Pages): Promise<number> {
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  try {
    const free = await openFrame(contexts[0], pages, 1);
    const slowed = await openFrame(contexts[1], pages, RATE);
    const tries: { free: number; slowed: number }[] = [];
    for (let number = 0; number < TRIES; number += 1)
      tries.push({ free: await free.evaluate(work), slowed: await slowed.evaluate(work) });
    const slowdown =
      Math.min(...tries.map((each) => each.slowed)) / Math.min(...tries.map((each) => each.free));
    if (slowdown >= LEAST_SLOWDOWN) return slowdown;
    throw new Error(
      `A frame is ${slowdown.toFixed(1)} times slower where ${RATE} was asked for. Measure again when the machine is idle; if it stays so, this browser does not slow frames down.`,
    );
  } finally {
    for (const context of contexts) await context.close();
  }
}

async function openFrame(context: BrowserContext, pages: Pages, rate: number): Promise<Frame> {
  const page = await context.newPage();
  await throttle(page, rate);
  await page.goto(pages.bare("/empty"));
  const [response] = await Promise.all([
    page.waitForResponse(`${pages.frameOrigin}/empty`),
    page.click("button"),
  ]);
  const frame = response.frame();
  await frame.waitForLoadState();
  return frame;
}

/** Long enough for many turns of running and resting, by which the browser slows down. */
function work(): number {
  const began = performance.now();
  let sum = 0;
  for (let number = 0; number < 2e7; number += 1) sum += Math.sqrt(number);
  return sum > 0 ? performance.now() - began : 0;
}
