/** Pictures of every view, light and dark, on a desktop and on a phone: for the eye, in `var/screenshots/account`. */

import { mkdir } from "node:fs/promises";
import { REPOSITORY } from "../../../../widget/test/browser/support/repository.js";
import { SCHEMES, test } from "./stage.js";
import { VIEWS } from "./views.js";

const FOLDER = `${REPOSITORY}/var/screenshots/account`;
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const [size, viewport] of Object.entries(SIZES))
  test(`every view on a ${size}`, async ({ stage }) => {
    await mkdir(FOLDER, { recursive: true });
    await stage.overViews(VIEWS, async (view) => {
      const context = { viewport, ...(size === "phone" && { hasTouch: true, isMobile: true }) };
      await using shown = await stage.open(view, { context });
      for (const scheme of SCHEMES) {
        await shown.turn(scheme);
        const path = `${FOLDER}/${view.name}-${size}-${scheme}.png`;
        await shown.page.screenshot({ path, fullPage: size === "desktop" });
      }
      return [];
    });
  });
