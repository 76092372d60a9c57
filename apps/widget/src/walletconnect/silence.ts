/** A logger that keeps everything to itself: what the library would write holds links, topics and addresses. */

const quiet = () => undefined;

const silence: Readonly<Record<string, unknown>> = {
  level: "silent",
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  fatal: quiet,
  bindings: () => ({ context: "" }),
  child: () => ({ ...silence }),
};

export { silence };
