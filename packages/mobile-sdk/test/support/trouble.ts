/** What a person does where the page does not come. */

import { act, fireEvent, screen } from "@testing-library/react-native";

export const retry = (): Promise<void> => tap("Try again");
export const leave = (): Promise<void> => tap("Close");

export async function tap(name: string): Promise<void> {
  await act(async () => void fireEvent.press(screen.getByRole("button", { name })));
}
