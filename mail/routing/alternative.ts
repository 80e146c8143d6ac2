/** One of the things of which a message must have at least one. */
export interface Alternative {
	/** As the view's set holds it. */
	readonly key: string;
	readonly because: string;
}
