/** What all screens share: the bar at the top, a body that scrolls, and a foot that is always in reach. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { useOnce } from "@kryptos_connect/ui/components/use-once.js";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { TopBar } from "./top-bar.js";

interface Props {
  /** The heading; the focus goes to it when the screen appears. */
  readonly title: string;
  /** A sentence or two below the heading. */
  readonly lead?: ComponentChildren;
  /** A picture above the heading. */
  readonly picture?: ComponentChildren;
  readonly children?: ComponentChildren;
  /** The one primary action. With `onSubmit` it submits the form. */
  readonly action?: {
    readonly label: string;
    readonly onPress?: () => void | Promise<void>;
    readonly busy?: boolean;
    readonly disabled?: boolean;
  };
  /** Makes the screen a form: pressing Enter in a field does what the primary action does. */
  readonly onSubmit?: () => void | Promise<void>;
  /** Stands over the primary action: what must have been seen before it is pressed. */
  readonly note?: ComponentChildren;
  /** Stands under the primary action: a quieter choice, a note. */
  readonly below?: ComponentChildren;
  /** Instead of one step back in the history; `null` shows no back button. */
  readonly onBack?: (() => void) | null;
  /** Whether a field of the screen takes the focus instead of the heading. */
  readonly focusesField?: boolean;
  /** Whether the bar at the top shows the two logos. */
  readonly hasLogos?: boolean;
  readonly align?: "start" | "center";
  readonly class?: string;
}

export function ScreenFrame(props: Props) {
  const { title, lead, picture, action, note, below, onSubmit, align = "start" } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const [isRunning, submit] = useOnce(onSubmit);
  // Before anybody can type: a key that is pressed at once must not be lost.
  useLayoutEffect(() => {
    if (!props.focusesField) heading.current?.focus({ preventScroll: true });
  }, []);

  const inside = (
    <>
      <div class="screen-body">
        <div class="screen-content">
          {picture}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
          {props.children}
        </div>
      </div>
      {(action || below) && (
        <div class="screen-foot">
          {note && <p class="foot-note">{note}</p>}
          {action && (
            <Button
              kind="primary"
              type={onSubmit ? "submit" : "button"}
              busy={(action.busy ?? false) || isRunning}
              disabled={action.disabled ?? false}
              {...(action.onPress && { onPress: action.onPress })}
            >
              {action.label}
            </Button>
          )}
          {below}
        </div>
      )}
    </>
  );
  return (
    <div class={`screen screen-${align} ${props.class ?? ""}`}>
      <TopBar onBack={props.onBack} hasLogos={props.hasLogos ?? true} />
      <main class="screen-main">
        {onSubmit ? (
          <form
            noValidate
            autoComplete="off"
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            {inside}
          </form>
        ) : (
          inside
        )}
      </main>
    </div>
  );
}
