/** Grey shapes where something will be, of the size it will have. */

interface Props {
  readonly shape: "row" | "line" | "title" | "block" | "button";
  readonly count?: number;
}

export function Skeleton({ shape, count = 1 }: Props) {
  return (
    <div class="skeletons" aria-hidden="true">
      {Array.from({ length: count }, (_, at) => (
        <div key={at} class={`skeleton skeleton-${shape}`} />
      ))}
    </div>
  );
}
