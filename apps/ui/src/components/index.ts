/** The parts that screens are made of. */

export { Accordion } from "./accordion.js";
export { Announcer, announce } from "./announcer.js";
export { Badge } from "./badge.js";
export { Button } from "./button.js";
export { CodeField } from "./code-field.js";
export { ConfirmDialog } from "./confirm-dialog.js";
export { Icon, type IconName } from "./icon.js";
export { List, Row } from "./list.js";
export { Logo } from "./logo.js";
export { Mark } from "./mark.js";
export { Notice, type Tone } from "./notice.js";
export { Skeleton } from "./skeleton.js";
export { Spinner } from "./spinner.js";
export { Tabs } from "./tabs.js";
export { TextField } from "./text-field.js";
export { useMailedCode } from "./use-mailed-code.js";
export { useOnce } from "./use-once.js";
export { type Trouble, useTrouble } from "./use-trouble.js";
export { WordsContext } from "./words.js";
