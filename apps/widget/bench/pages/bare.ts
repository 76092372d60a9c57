/** The least that opens a page in a dialog: what no SDK can undercut. The frame has the rights of the widget's. */

/** When the frame says that it listens, give it the link token, which was asked for at the same time. */
async function handOver(created: Promise<Response>, frame: HTMLIFrameElement): Promise<void> {
  const listens = new Promise((resolve) => addEventListener("message", resolve, { once: true }));
  const { link_token: linkToken } = await (await created).json();
  await listens;
  frame.contentWindow?.postMessage({ linkToken }, new URL(frame.src).origin);
}

const button = document.createElement("button");
button.textContent = "Connect";
button.onclick = () => {
  const src = new URLSearchParams(location.search).get("frame") ?? "";
  const created = src.endsWith("?asks") && fetch("/link-token", { method: "POST" });
  const dialog = document.createElement("dialog");
  dialog.style.cssText =
    "position:fixed;inset:0;margin:auto;padding:0;border:0;width:440px;height:min(720px,90vh)";
  const frame = document.createElement("iframe");
  frame.title = "Connect";
  frame.setAttribute(
    "sandbox",
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
  );
  frame.style.cssText = "position:absolute;inset:0;border:0;width:100%;height:100%";
  frame.src = src;
  dialog.append(frame);
  document.body.append(dialog);
  dialog.showModal();
  if (created) void handOver(created, frame);
};
document.getElementById("root")?.append(button);
