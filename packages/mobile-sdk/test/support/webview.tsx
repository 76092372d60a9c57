/** The one thing that tests replace: the WebView. It records what it is given and what is injected into it. */

import * as React from "react";
import { View } from "react-native";

// biome-ignore lint/suspicious/noExplicitAny: it takes whatever props it is given.
type Props = any;

/** All WebViews that were made, oldest first; those on the screen are `isMounted`. */
export const views: Array<{ props: Props; scripts: string[]; isMounted: boolean }> = [];

export class WebView extends React.Component<Props> {
  private readonly record = { props: this.props, scripts: [] as string[], isMounted: false };

  override componentDidMount(): void {
    this.record.isMounted = true;
    if (views.indexOf(this.record) < 0) views.push(this.record); // StrictMode mounts twice
  }

  override componentWillUnmount(): void {
    this.record.isMounted = false;
  }

  injectJavaScript(script: string): void {
    if (this.record.isMounted) this.record.scripts.push(script);
  }

  override render(): React.ReactNode {
    this.record.props = this.props;
    return <View testID="webview" />;
  }
}
