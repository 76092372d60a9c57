/** A typed client of the Kryptos Connect API: every path, parameter and body comes from its OpenAPI document. */

import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./schema.js";

export type { components, operations, paths } from "./schema.js";

/** How to reach an installation, and as whom. */
export interface KryptosClientOptions {
  /** Where the API answers, such as `https://connect.example.com`. */
  readonly baseUrl: string;
  /** The access token of a person's grant (`cat_…`), for data calls. */
  readonly accessToken?: string | undefined;
  /** The developer app's id, sent as `X-Client-Id`. */
  readonly clientId?: string | undefined;
  /** The developer app's secret, sent as `X-Client-Secret`. Keep it on a server, never in a browser. */
  readonly clientSecret?: string | undefined;
  /** Another `fetch`, for a proxy or a test. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** The typed client: `GET`, `POST`, `PUT`, `PATCH` and `DELETE`, each checked against the document. */
export type KryptosClient = Client<paths>;

/** Return a client that sends the given credentials with every call. */
export function createKryptosClient(options: KryptosClientOptions): KryptosClient {
  return createClient<paths>({
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    headers: {
      Accept: "application/json",
      ...(options.accessToken === undefined ? {} : { Authorization: `Bearer ${options.accessToken}` }),
      ...(options.clientId === undefined ? {} : { "X-Client-Id": options.clientId }),
      ...(options.clientSecret === undefined ? {} : { "X-Client-Secret": options.clientSecret }),
    },
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
}
