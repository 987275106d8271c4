/** The demo's own bundle, loaded when the demo starts: the simulator without a server. */
export { createDemoWorld } from "./simulator/demo";
