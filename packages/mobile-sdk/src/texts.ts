/** The words of ours around the widget, in its eight languages. */

import type { Language } from "@kryptos_connect/connect-core";
import { I18nManager, NativeModules } from "react-native";

export interface Texts {
  readonly loading: string;
  readonly offline: string;
  readonly unreachable: string;
  readonly stopped: string;
  readonly retry: string;
  readonly close: string;
  readonly waiting: string;
  readonly stillWaiting: string;
  readonly openAgain: string;
  readonly cancel: string;
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    loading: "Loading",
    offline: "You are offline. Connect to the internet, then try again.",
    unreachable: "Kryptos Connect cannot be reached. Check your connection, then try again.",
    stopped: "This page was stopped. Try again to go on.",
    retry: "Try again",
    close: "Close",
    waiting: "Go on in your browser. This screen closes by itself when you are done.",
    stillWaiting: "Your connection is interrupted. We keep trying.",
    openAgain: "Open the browser again",
    cancel: "Cancel",
  },
  fr: {
    loading: "Chargement",
    offline: "Vous êtes hors ligne. Connectez-vous à Internet, puis réessayez.",
    unreachable: "Kryptos Connect est injoignable. Vérifiez votre connexion, puis réessayez.",
    stopped: "Cette page a été interrompue. Réessayez pour continuer.",
    retry: "Réessayer",
    close: "Fermer",
    waiting: "Continuez dans votre navigateur. Cet écran se ferme de lui-même à la fin.",
    stillWaiting: "Votre connexion est interrompue. Nous continuons d’essayer.",
    openAgain: "Rouvrir le navigateur",
    cancel: "Annuler",
  },
  de: {
    loading: "Wird geladen",
    offline: "Sie sind offline. Stellen Sie eine Internetverbindung her und versuchen Sie es erneut.",
    unreachable:
      "Kryptos Connect ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.",
    stopped: "Diese Seite wurde beendet. Versuchen Sie es erneut, um weiterzumachen.",
    retry: "Erneut versuchen",
    close: "Schließen",
    waiting: "Machen Sie im Browser weiter. Dieser Bildschirm schließt sich am Ende von selbst.",
    stillWaiting: "Ihre Verbindung ist unterbrochen. Wir versuchen es weiter.",
    openAgain: "Browser erneut öffnen",
    cancel: "Abbrechen",
  },
  pt: {
    loading: "A carregar",
    offline: "Está offline. Ligue-se à internet e tente novamente.",
    unreachable: "Não é possível contactar o Kryptos Connect. Verifique a sua ligação e tente novamente.",
    stopped: "Esta página foi interrompida. Tente novamente para continuar.",
    retry: "Tentar novamente",
    close: "Fechar",
    waiting: "Continue no navegador. Este ecrã fecha-se sozinho quando terminar.",
    stillWaiting: "A sua ligação foi interrompida. Continuamos a tentar.",
    openAgain: "Abrir o navegador novamente",
    cancel: "Cancelar",
  },
  sv: {
    loading: "Laddar",
    offline: "Du är offline. Anslut till internet och försök igen.",
    unreachable: "Kryptos Connect kan inte nås. Kontrollera din anslutning och försök igen.",
    stopped: "Sidan stoppades. Försök igen för att fortsätta.",
    retry: "Försök igen",
    close: "Stäng",
    waiting: "Fortsätt i webbläsaren. Den här skärmen stängs av sig själv när du är klar.",
    stillWaiting: "Din anslutning är avbruten. Vi fortsätter försöka.",
    openAgain: "Öppna webbläsaren igen",
    cancel: "Avbryt",
  },
  es: {
    loading: "Cargando",
    offline: "No tienes conexión. Conéctate a internet e inténtalo de nuevo.",
    unreachable: "No se puede contactar con Kryptos Connect. Comprueba tu conexión e inténtalo de nuevo.",
    stopped: "Esta página se ha detenido. Inténtalo de nuevo para seguir.",
    retry: "Intentar de nuevo",
    close: "Cerrar",
    waiting: "Sigue en tu navegador. Esta pantalla se cierra sola cuando termines.",
    stillWaiting: "Tu conexión se ha interrumpido. Seguimos intentándolo.",
    openAgain: "Abrir el navegador de nuevo",
    cancel: "Cancelar",
  },
  pl: {
    loading: "Ładowanie",
    offline: "Jesteś offline. Połącz się z internetem i spróbuj ponownie.",
    unreachable: "Nie można połączyć się z Kryptos Connect. Sprawdź połączenie i spróbuj ponownie.",
    stopped: "Ta strona została zatrzymana. Spróbuj ponownie, aby kontynuować.",
    retry: "Spróbuj ponownie",
    close: "Zamknij",
    waiting: "Kontynuuj w przeglądarce. Ten ekran zamknie się sam, gdy skończysz.",
    stillWaiting: "Połączenie zostało przerwane. Nadal próbujemy.",
    openAgain: "Otwórz przeglądarkę ponownie",
    cancel: "Anuluj",
  },
  it: {
    loading: "Caricamento",
    offline: "Sei offline. Connettiti a internet, poi riprova.",
    unreachable: "Kryptos Connect non è raggiungibile. Controlla la connessione, poi riprova.",
    stopped: "Questa pagina è stata interrotta. Riprova per continuare.",
    retry: "Riprova",
    close: "Chiudi",
    waiting: "Continua nel browser. Questa schermata si chiude da sola quando hai finito.",
    stillWaiting: "La connessione è interrotta. Continuiamo a provare.",
    openAgain: "Riapri il browser",
    cancel: "Annulla",
  },
};

export function textsIn(language: Language | undefined): Texts {
  return (language && TEXTS[language]) || TEXTS.en;
}

/** The phone's language, where the widget speaks it. */
export function phoneLanguage(): Language | undefined {
  const code = phoneLocale().slice(0, 2).toLowerCase();
  return TEXTS[code as Language] ? (code as Language) : undefined;
}

function phoneLocale(): string {
  try {
    return Intl.DateTimeFormat().resolvedOptions().locale;
  } catch {
    // An engine without Intl, as Hermes was once: the system's own words for it, Android's first.
    const { localeIdentifier } = I18nManager as { readonly localeIdentifier?: string };
    const { AppleLanguages } = (NativeModules["SettingsManager"]?.settings ?? {}) as {
      AppleLanguages?: string[];
    };
    return localeIdentifier ?? AppleLanguages?.[0] ?? "";
  }
}
