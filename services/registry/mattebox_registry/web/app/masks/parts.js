/** @import { Api } from "../api.js" */
/** @import { Store } from "../store.js" */
/** @import { Version } from "../types.js" */
/** @import { MaskMap } from "./entries.js" */
/** @import { View } from "./view.js" */
/** @import { OpenFrame } from "../viewer/open_frame.js" */
/** @import { OwnColors } from "../viewer/own_colors.js" */

/**
 * What the parts of the masks panel work on.
 * @typedef {object} Parts
 * @property {Api} api
 * @property {Store<Version>} version
 * @property {Store<View>} view
 * @property {OwnColors} own colours that this browser keeps
 * @property {Store<OpenFrame | null>} open
 * @property {Store<ReadonlyMap<string, MaskMap>>} maps of the masks that are drawn
 * @property {Store<unknown>} problem what went wrong with the frame or its drawing, null: nothing
 * @property {() => boolean} mayWrite
 * @property {(mask: string, mode: "segmentation" | "alpha") => void} foresee tells that a mode may be wanted soon
 * @property {() => Promise<void>} reload asks anew what the labels look like
 * @property {AbortSignal} signal
 */

export {};
