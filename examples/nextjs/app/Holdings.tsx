"use client";

import { useEffect, useState } from "react";

import { fetchHoldings, type Held } from "./backend";

export function Holdings() {
  const [held, setHeld] = useState<Held | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async () => {
      const answer = await fetchHoldings().catch(() => null);
      if (isOver) return;
      setHeld(answer);
      if (answer?.isConnected && answer.isReading) timer = setTimeout(ask, 1000);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);

  if (!held) return <p>Your holdings could not be looked up yet.</p>;
  if (!held.isConnected) return <p>No accounts connected yet.</p>;
  return (
    <>
      <p>{held.isReading ? "Your accounts are being read …" : "Up to date."}</p>
      {held.shortfalls.map((shortfall) => (
        <p key={shortfall.walletId}>{shortfall.message ?? "Of one account not everything could be read."}</p>
      ))}
      <ul>
        {held.holdings.map(({ asset, totalQuantity }) => (
          <li key={`${asset.chainId} ${asset.tokenId}`}>
            {asset.symbol}: {totalQuantity}
          </li>
        ))}
      </ul>
    </>
  );
}
