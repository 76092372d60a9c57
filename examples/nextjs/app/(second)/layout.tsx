import { KryptosConnect } from "@kryptos_connect/web-sdk";
import "@kryptos_connect/web-sdk/dist/styles/index.css";
import "../style.css";

// The later SDK's way: no provider. It may run on every render, and on the server.
KryptosConnect.init({
  appName: "My Next.js App",
  clientId: process.env.NEXT_PUBLIC_KRYPTOS_CLIENT_ID ?? "",
  baseUrl: process.env.NEXT_PUBLIC_KRYPTOS_BASE_URL ?? "",
  theme: "auto",
});

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
