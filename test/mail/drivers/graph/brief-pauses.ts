/** The limits with pauses that a test does not notice; for `jest.mock`. */
export function withBriefPauses(limits: object): object {
	return {
		...limits,
		GRAPH_FIRST_PAUSE_MS: 2,
		GRAPH_LAST_PAUSE_MS: 5,
		UNCERTAIN_LOOKS_MS: [2, 4, 6],
		SENT_REMOVAL_LOOKS_MS: [0, 2, 4, 8],
		SEND_FIRST_PAUSE_MS: 2,
		SEND_LAST_PAUSE_MS: 5,
	};
}
