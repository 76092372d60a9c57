/** The few things of the platform that this package uses and that browsers, Node and React Native all have. */

declare class TextEncoder {
  encode(text: string): Uint8Array;
}

declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}
