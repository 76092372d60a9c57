/** Why a call failed. */

/** Why a call failed; `code` is what the texts are chosen by. Network trouble has the codes `OFFLINE` and `TIMEOUT`. */
export interface ApiFailure {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  /** With `DUPLICATE_CONNECTION`. */
  readonly existingWalletId: string | null;
  /** Names of the fields that were found wrong. */
  readonly fields: readonly string[];
}

export class ApiError extends Error implements ApiFailure {
  readonly code: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly existingWalletId: string | null;
  readonly fields: readonly string[];

  constructor(failure: Partial<ApiFailure> & { readonly code: string }) {
    super(failure.message ?? failure.code);
    this.name = "ApiError";
    this.code = failure.code;
    this.status = failure.status ?? 0;
    this.requestId = failure.requestId ?? null;
    this.retryAfterSeconds = failure.retryAfterSeconds ?? null;
    this.existingWalletId = failure.existingWalletId ?? null;
    this.fields = failure.fields ?? [];
  }
}

/** Whatever was thrown, as something that can be told to the person. */
export function asFailure(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError({ code: "UNEXPECTED", message: thrown instanceof Error ? thrown.name : "" });
}

/** Whether nothing is known about what became of the call: it may have been carried out. */
export function isUncertain(failure: ApiFailure): boolean {
  return failure.code === "OFFLINE" || failure.code === "TIMEOUT" || failure.status >= 500;
}
