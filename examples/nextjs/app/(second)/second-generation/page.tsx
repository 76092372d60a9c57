import { ConnectWithoutProvider } from "./ConnectWithoutProvider";

export default function Page() {
  return (
    <main>
      <h1>Without a provider</h1>
      <ConnectWithoutProvider />
    </main>
  );
}
