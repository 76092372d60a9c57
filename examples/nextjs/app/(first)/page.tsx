import { Portfolio } from "../Portfolio";

export default function Page() {
  return (
    <main>
      <h1>Your portfolio</h1>
      <Portfolio />
    </main>
  );
}
