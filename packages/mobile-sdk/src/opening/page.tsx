/** The widget's page on a phone: a WebView that lets nothing in and nothing out but what `addresses` decides. */

import { readBaseUrl } from "@kryptos_connect/connect-core";
import * as React from "react";
import { type ReactElement, useLayoutEffect, useRef } from "react";
import { Platform, StyleSheet } from "react-native";
import { WebView } from "react-native-webview";
import { isDevelopment } from "../earlier-names.js";
import { decide } from "./addresses.js";
import { type PageMessage, readMessage, scriptOf } from "./messages.js";
import type { Opening } from "./opening.js";
import { openOutside } from "./place.js";

export interface PageProps {
  readonly opening: Opening;
  readonly address: string;
  readonly title: string;
}

/** Codes and words by which WebViews tell that the phone itself is offline. */
const OFFLINE = /-1009|INTERNET_DISCONNECTED|offline/i;

export function Page({ opening, address, title }: PageProps): ReactElement {
  const view = useRef<WebView>(null);
  const baseUrl = readBaseUrl(opening.settings.baseUrl || undefined);

  useLayoutEffect(() => {
    const inject = (script: string): void => view.current?.injectJavaScript(script);
    opening.link({
      hello: (hello) => inject(scriptOf(hello, address)),
      send: (message) => inject(scriptOf(message, address)),
    });
  }, [opening, address]);

  const onMessage = ({ nativeEvent }: { readonly nativeEvent: PageMessage }): void => {
    const message = readMessage(nativeEvent, address, Platform.OS === "android");
    if (message) opening.receive(message);
  };

  /** Only the main document's addresses are anybody else's business; the page embeds nothing. */
  const letIn = ({ url, isTopFrame }: { readonly url: string; readonly isTopFrame?: boolean }): boolean => {
    const decision = decide(url, baseUrl);
    if (decision === "open" && isTopFrame !== false) void openOutside(url);
    return decision === "stay";
  };

  /** Android lets a page in when the app does not answer in time: it is taken away again. */
  const onLoadStart = ({
    nativeEvent: { url },
  }: {
    readonly nativeEvent: { readonly url: string };
  }): void => {
    if (/^https?:/i.test(url) && decide(url, baseUrl) !== "stay") opening.lost("stopped");
  };

  const onError = (event: {
    readonly nativeEvent: { readonly code?: unknown; readonly description?: unknown };
  }): void => {
    const { code, description } = event.nativeEvent;
    opening.lost(OFFLINE.test(`${code} ${description}`) ? "offline" : "unreachable");
  };

  const stopped = (): void => opening.lost("stopped");

  return (
    <WebView
      ref={view}
      source={{ uri: address }}
      style={styles.page}
      accessibilityLabel={title}
      // Every address comes to `letIn`: what this list does not name, the WebView would hand to other apps unasked.
      originWhitelist={["*"]}
      onShouldStartLoadWithRequest={letIn}
      onOpenWindow={({ nativeEvent }) => void letIn({ url: nativeEvent.targetUrl })}
      setSupportMultipleWindows
      onMessage={onMessage}
      onLoadStart={onLoadStart}
      onError={onError}
      renderError={() => <></>}
      onHttpError={() => opening.lost("unreachable")}
      onContentProcessDidTerminate={stopped}
      onRenderProcessGone={stopped}
      // On Android this would delete the cookies of the whole app, its own sign-in among them.
      incognito={Platform.OS === "ios"}
      thirdPartyCookiesEnabled={false}
      sharedCookiesEnabled={false}
      allowFileAccess={false}
      allowFileAccessFromFileURLs={false}
      allowUniversalAccessFromFileURLs={false}
      allowsLinkPreview={false}
      allowsBackForwardNavigationGestures={false}
      mixedContentMode="never"
      geolocationEnabled={false}
      saveFormDataDisabled
      dataDetectorTypes="none"
      setBuiltInZoomControls={false}
      keyboardDisplayRequiresUserAction={false}
      webviewDebuggingEnabled={isDevelopment()}
      bounces={false}
      overScrollMode="never"
    />
  );
}

const styles = StyleSheet.create({ page: { backgroundColor: "transparent", flex: 1 } });
