/**
 * What the registry answers, as far as the viewer reads it. Fields that a newer registry adds are ignored.
 *
 * @typedef {"read" | "ingest" | "admin"} Scope
 * @typedef {"pending" | "ready" | "partial" | "failed" | "unsupported"} PreviewState
 * @typedef {Record<PreviewState, number>} PreviewCounts
 * @typedef {number | number[]} MaskValue A whole number, or the 3 or 4 channels of a colour.
 *
 * @typedef {object} Session
 * @property {Scope[]} scopes
 * @property {string | null} expires_at
 *
 * @typedef {object} Dataset
 * @property {string} id
 * @property {string} name
 * @property {string} description
 * @property {string[]} tags
 * @property {string | null} project
 * @property {string} created_at
 * @property {string} updated_at
 * @property {number} version_count
 * @property {number} published_count
 * @property {number} frame_count
 * @property {PreviewCounts} previews
 * @property {string | null} latest_version_id The newest version that has frames, else the newest one.
 *
 * @typedef {object} Version
 * @property {string} id
 * @property {string} dataset_id
 * @property {string} name
 * @property {string} description
 * @property {"draft" | "published"} status
 * @property {string | null} parent_id
 * @property {number} frame_count
 * @property {Record<string, any>} metadata
 * @property {string} created_at
 * @property {string} updated_at
 * @property {string | null} published_at
 * @property {PreviewCounts} previews
 *
 * @typedef {object} MaskLabel
 * @property {MaskValue} value
 * @property {string[] | string} labels
 * @property {string | null} [color]
 * @property {number | null} [opacity]
 * @property {boolean} [ignore]
 *
 * @typedef {Record<string, MaskLabel[]>} MaskLabels By mask id; `_all_` holds for the others.
 *
 * @typedef {object} LabelStatistics
 * @property {MaskValue | null} value Null of labels that frames bring themselves.
 * @property {string[]} labels
 * @property {string | null} color
 * @property {number} pixels
 * @property {number} share Of all pixels of the mask.
 * @property {number} frames
 * @property {boolean} ignore
 * @property {string | null} declared_in The list of the mapping that names it.
 *
 * @typedef {object} MaskStatistics
 * @property {string} mask
 * @property {number} frames
 * @property {number} pixels
 * @property {number} unreadable
 * @property {string[]} encodings
 * @property {LabelStatistics[]} labels
 * @property {{ pixels: number, share: number, frames: number,
 *   values: { value: MaskValue | null, pixels: number, share: number, frames: number }[] }} unmapped
 * @property {boolean} truncated
 *
 * @typedef {object} VersionStatistics What the masks of all frames come to, as far as they are counted.
 * @property {number} frame_count
 * @property {number} walked
 * @property {number} counted
 * @property {boolean} complete
 * @property {boolean} current
 * @property {MaskStatistics[]} masks
 *
 * @typedef {object} PreviewProblem
 * @property {string} code
 * @property {string} detail
 * @property {string} [mask]
 *
 * @typedef {object} PreviewStatus
 * @property {PreviewState} state
 * @property {string} key
 * @property {string} url
 * @property {number} [attempts]
 * @property {boolean} [queued]
 * @property {PreviewProblem | null} [error]
 * @property {Record<string, any> | null} [report]
 * @property {Record<string, any>[]} [index]
 * @property {string} [inherited_from] the version that the frame was registered in, where it is another one
 *
 * @typedef {object} Mask
 * @property {string} id
 * @property {string} uri
 * @property {string} [content_type]
 * @property {number} [timestamp]
 *
 * @typedef {object} Source
 * @property {string} id
 * @property {string} uri
 * @property {string} [content_type]
 * @property {number} [timestamp]
 * @property {number} [width]
 * @property {number} [height]
 * @property {Mask[]} [masks]
 *
 * @typedef {object} Frame A frame document as it was registered, unknown fields too, with its default preview.
 * @property {string} id
 * @property {string} [context_id]
 * @property {number} [timestamp]
 * @property {Source[]} sources
 * @property {PreviewStatus} preview
 *
 * @typedef {object} Neighbour A frame's place in the order of its version.
 * @property {string} id
 * @property {string} context_id
 * @property {number} timestamp 0 where it has none
 *
 * @typedef {{ before: Neighbour[], frame: Neighbour, after: Neighbour[] }} Neighbours
 *
 * @typedef {object} FieldFault
 * @property {string} loc Dotted path, list positions in brackets: `mask_labels[0].color`.
 * @property {string} message
 */

export {};
