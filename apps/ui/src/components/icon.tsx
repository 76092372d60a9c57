/** Line pictures, drawn for this product, on a grid of 24. They decorate: a text always stands beside them. */

const PATHS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  "chevron-down": "M6 9l6 6 6-6",
  "chevron-end": "M9 5l7 7-7 7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  "check-circle": "M12 3a9 9 0 100 18 9 9 0 000-18zM8 12.3l2.8 2.7L16 9.5",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5M12 8v.01",
  warning: "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.01",
  error: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7.5v5.5M12 16v.01",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6z",
  "eye-off":
    "M4 4l16 16M9.9 5.8A9 9 0 0112 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 01-3 3.7M6.2 7.7A15.6 15.6 0 002.5 12S6 18.5 12 18.5a9 9 0 004.3-1.1",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L20.5 20.5",
  lock: "M6 10.5h12v10H6zM8.5 10.5V7.5a3.5 3.5 0 017 0v3M12 14.5v2",
  bolt: "M13 3L5 13.5h6L10.5 21 19 10.5h-6z",
  shield: "M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6zM8.8 12l2.3 2.2 4.2-4.4",
  link: "M10 14a4 4 0 005.7 0l3-3A4 4 0 0013 5.3l-1 1M14 10a4 4 0 00-5.7 0l-3 3A4 4 0 0011 18.7l1-1",
  mail: "M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5",
  wallet: "M4 7.5A2.5 2.5 0 016.5 5H17v3M4 7.5V17a2.5 2.5 0 002.5 2.5H20V8H4.5M16 13.7v.01",
  plus: "M12 5v14M5 12h14",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5",
  refresh: "M19.5 12a7.5 7.5 0 11-2.2-5.3L19.5 9M19.5 4.5V9H15",
  external: "M14 4.5h5.5V10M19.5 4.5L11 13M17 14v5.5H4.5V7H10",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7.5V12l3 2",
  copy: "M9 9h10.5v10.5H9zM6 15H4.5V4.5H15V6",
  pencil: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5z",
  upload: "M12 16V5M7.5 9L12 4.5 16.5 9M5 19.5h14",
  apps: "M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z",
  person: "M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5",
  settings: "M4 7h9M18 7h2M15.5 4.5v5M4 17h2M11 17h9M8.5 14.5v5",
  download: "M12 4.5v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14",
  receipt: "M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
  key: "M8 11a4 4 0 100 8 4 4 0 000-8zM11 12.5L19.5 4M16 7.5l3 3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, class: extra = "" }: { readonly name: IconName; readonly class?: string }) {
  return (
    <svg class={`icon icon-${name} ${extra}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
