import { KryptosConnectProvider } from "@kryptos_connect/web-sdk";
import "@kryptos_connect/web-sdk/dist/styles/index.css";
import "../style.css";

const config = {
  appName: "My Next.js App",
  clientId: process.env.NEXT_PUBLIC_KRYPTOS_CLIENT_ID ?? "",
  baseUrl: process.env.NEXT_PUBLIC_KRYPTOS_BASE_URL ?? "",
  theme: "light" as const,
};

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>
        <KryptosConnectProvider config={config}>{children}</KryptosConnectProvider>
      </body>
    </html>
  );
}
