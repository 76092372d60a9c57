/** The app: connect accounts, see what is in them, disconnect. */

import { useMemo, useState } from "react";
import { Image, Platform, ScrollView, StatusBar, StyleSheet, useColorScheme, View } from "react-native";

import icon from "../assets/icon.png";
import { Accounts } from "./Accounts";
import {
  type Config,
  disconnect,
  exchangeToken,
  fetchConfig,
  fetchPortfolio,
  type Portfolio,
} from "./backend";
import { WayChooser } from "./connect/WayChooser";
import { WAYS } from "./connect/ways";
import { isExit, sayFailure } from "./failure";
import { Holdings } from "./Holdings";
import { Total } from "./Total";
import { LookContext, lookOf, useLook } from "./ui/look";
import { Notice } from "./ui/Notice";
import { QuietButton } from "./ui/QuietButton";
import { Waiting } from "./ui/Waiting";
import { Words } from "./ui/Words";
import { useAnswer } from "./useAnswer";

export function App() {
  const scheme = useColorScheme();
  const look = useMemo(() => lookOf(scheme), [scheme]);
  return (
    <LookContext.Provider value={look}>
      <StatusBar barStyle={look.theme === "dark" ? "light-content" : "dark-content"} />
      <ScrollView
        style={{ backgroundColor: look.page }}
        contentContainerStyle={styles.page}
        contentInsetAdjustmentBehavior="automatic"
        keyboardShouldPersistTaps="handled"
      >
        <View style={styles.brand}>
          <Image source={icon} style={styles.icon} aria-hidden />
          <Words voice="heading">Demo app</Words>
        </View>
        <Start />
      </ScrollView>
    </LookContext.Provider>
  );
}

const isSettled = () => false;

/** What the app must know before it can do anything: where the Connect server is, and as whom it is asked. */
function Start() {
  const { answer: config, failure, refresh } = useAnswer(fetchConfig, isSettled);
  if (config) return <Home config={config} />;
  if (failure) return <Failure refresh={refresh}>{failure}</Failure>;
  return <Waiting>Starting …</Waiting>;
}

const isBeingRead = (portfolio: Awaited<ReturnType<typeof fetchPortfolio>>) =>
  portfolio.isConnected && portfolio.isReading;

function Home({ config }: { readonly config: Config }) {
  const { theme } = useLook();
  const { answer: portfolio, failure, refresh } = useAnswer(fetchPortfolio, isBeingRead);
  const [problem, setProblem] = useState<string | null>(null);
  const [way, setWay] = useState(WAYS[0]);

  const attempt = async (work: () => Promise<unknown>) => {
    setProblem(null);
    await work().catch((error: unknown) => setProblem(sayFailure(error)));
    await refresh();
  };
  const connect = (
    <way.Connect
      config={config}
      theme={theme}
      label={portfolio?.isConnected ? "Connect another account" : "Connect your accounts"}
      onDone={(userConsent) =>
        void attempt(async () => userConsent && (await exchangeToken(userConsent.public_token)))
      }
      onFailed={(error) => setProblem(isExit(error) ? null : sayFailure(error))}
    />
  );

  return (
    <>
      {problem && <Notice kind="error">{problem}</Notice>}
      {failure && <Failure refresh={refresh}>{failure}</Failure>}
      {!portfolio && !failure && <Waiting>Looking for your accounts …</Waiting>}
      {portfolio?.isConnected === false && (
        <Welcome isRevoked={portfolio.isRevoked === true}>{connect}</Welcome>
      )}
      {portfolio?.isConnected === true && (
        <Connected portfolio={portfolio} disconnect={() => void attempt(disconnect)}>
          {connect}
        </Connected>
      )}
      {portfolio && <WayChooser chosen={way} choose={setWay} />}
    </>
  );
}

function Failure({
  refresh,
  children,
}: {
  readonly refresh: () => Promise<void>;
  readonly children: string;
}) {
  const [isTrying, setIsTrying] = useState(false);
  const tryAgain = async () => {
    setIsTrying(true);
    await refresh();
    setIsTrying(false);
  };
  return (
    <Notice
      kind="error"
      action={
        <QuietButton onPress={() => void tryAgain()} disabled={isTrying}>
          {isTrying ? "Trying …" : "Try again"}
        </QuietButton>
      }
    >
      {children}
    </Notice>
  );
}

interface WelcomeProps {
  readonly isRevoked: boolean;
  readonly children: React.ReactNode;
}

function Welcome({ isRevoked, children }: WelcomeProps) {
  return (
    <View style={styles.welcome}>
      {isRevoked && <Notice kind="word">Access was taken back. Connect again to see your portfolio.</Notice>}
      <Words voice="title">All your crypto in one place</Words>
      <Words style={styles.promise}>
        Connect a wallet or a public address. This app may look, and can never move anything.
      </Words>
      {children}
    </View>
  );
}

interface ConnectedProps {
  readonly portfolio: Portfolio;
  readonly disconnect: () => void;
  readonly children: React.ReactNode;
}

function Connected({ portfolio, disconnect: end, children }: ConnectedProps) {
  return (
    <>
      <Total portfolio={portfolio} />
      <Holdings portfolio={portfolio} />
      {children}
      <Accounts portfolio={portfolio} />
      <QuietButton onPress={end}>Disconnect</QuietButton>
    </>
  );
}

const styles = StyleSheet.create({
  page: {
    flexGrow: 1,
    width: "100%",
    maxWidth: 560,
    alignSelf: "center",
    gap: 16,
    paddingHorizontal: 20,
    // Android draws below its bars; iOS and browsers make room by themselves.
    paddingTop: 16 + (Platform.OS === "android" ? (StatusBar.currentHeight ?? 0) : 0),
    paddingBottom: Platform.OS === "android" ? 64 : 32,
  },
  brand: { flexDirection: "row", alignItems: "center", gap: 10 },
  icon: { width: 32, height: 32, borderRadius: 9 },
  welcome: { gap: 16, paddingTop: 40, paddingBottom: 24 },
  promise: { marginBottom: 8 },
});
