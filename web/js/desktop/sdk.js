// Cisco's SDK, alone: the element loads it when the Desktop is there.
export { Desktop } from "@wxcc-desktop/sdk";
