/** Pictures of every view, light and dark, in a desktop's dialog and on a phone: for the eye, in `var/screenshots`. */

import { mkdir } from "node:fs/promises";

import { REPOSITORY } from "../support/repository.js";
import { SCHEMES, test } from "./stage.js";
import { VIEWS } from "./views.js";

const FOLDER = `${REPOSITORY}/var/screenshots`;
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const [size, viewport] of Object.entries(SIZES))
  test(`every view on a ${size}`, async ({ stage }) => {
    await mkdir(FOLDER, { recursive: true });
    await stage.overViews(VIEWS, async (view) => {
      const context = { viewport, ...(size === "phone" && { hasTouch: true, isMobile: true }) };
      await using shown = await stage.open(view, { context });
      await shown.frame.waitForFunction(() => [...document.images].every((image) => image.complete));
      for (const scheme of SCHEMES) {
        await shown.turn(scheme);
        await shown.page.screenshot({ path: `${FOLDER}/${view.name}-${size}-${scheme}.png` });
      }
      return [];
    });
  });
