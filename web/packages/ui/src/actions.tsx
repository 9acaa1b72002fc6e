import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNarrow } from "./narrow.ts";
import { t } from "./words.ts";

/** One thing that can be done to what is shown or selected. */
export interface Action {
	id: string;
	text: string;
	/** Why it cannot be done now. */
	not?: string | undefined;
}

/**
 * The same buttons at the same places, whatever the state of what they are for: one that
 * cannot be used now says why. On a phone, where they would fill the first view, they are
 * in the menu that holds `more` anyway.
 */
export function ActionButtons(props: {
	actions: readonly Action[];
	more?: readonly Action[];
	act: (id: string) => void;
}) {
	const { actions, more = [], act } = props;
	const narrow = useNarrow();
	const menu = narrow ? [...actions, ...more] : more;
	return (
		<SpaceBetween direction="horizontal" size="xs">
			{!narrow &&
				actions.map(({ id, text, not }) => (
					<Button key={id} disabled={not !== undefined} disabledReason={not} onClick={() => act(id)}>
						{text}
					</Button>
				))}
			{menu.length > 0 && (
				<ButtonDropdown
					items={menu.map(({ id, text, not }) => ({ id, text, disabled: not !== undefined, disabledReason: not }))}
					onItemClick={({ detail }) => act(detail.id)}
				>
					{t("actions")}
				</ButtonDropdown>
			)}
		</SpaceBetween>
	);
}
