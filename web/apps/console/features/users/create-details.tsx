import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useOrganization } from "@postroom/ui";
import { type FormEvent, useEffect, useRef } from "react";
import { type Draft, displayOf, type Faults, nameOf } from "./draft.ts";
import { t } from "./words.ts";

const optional = <i> – {t("optional")}</i>;

/** Step 1: who the user is. */
export function DetailsStep(props: {
	region: string;
	org: string;
	draft: Draft;
	change: (part: Partial<Draft>) => void;
	faults: Faults;
	next: () => void;
}) {
	const { draft, change, faults } = props;
	const { data: organization } = useOrganization(props);
	const form = useRef<HTMLFormElement>(null);
	// The wizard is not laid out yet: the browser would scroll to where the field does not stay.
	useEffect(() => form.current?.querySelector("input")?.focus({ preventScroll: true }), []);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		props.next();
	};
	return (
		<form ref={form} onSubmit={submit}>
			<Container>
				<SpaceBetween size="l">
					<ColumnLayout columns={2}>
						<FormField
							label={
								<span>
									{t("firstName")}
									{optional}
								</span>
							}
							errorText={faults.firstName}
						>
							<Input
								value={draft.firstName}
								onChange={(e) => change({ firstName: e.detail.value })}
								autoComplete={false}
							/>
						</FormField>
						<FormField
							label={
								<span>
									{t("lastName")}
									{optional}
								</span>
							}
							errorText={faults.lastName}
						>
							<Input
								value={draft.lastName}
								onChange={(e) => change({ lastName: e.detail.value })}
								autoComplete={false}
							/>
						</FormField>
					</ColumnLayout>
					<FormField
						label={t("name")}
						constraintText={`${t("nameProposed")} ${t("nameRule", { alias: organization?.Alias ?? "ALIAS", name: nameOf(draft) || t("nameExample") })}`}
						errorText={faults.name}
					>
						<Input
							value={draft.name ?? nameOf(draft)}
							onChange={(e) => change({ name: e.detail.value || undefined })}
							autoComplete={false}
							spellcheck={false}
							ariaRequired
						/>
					</FormField>
					<FormField label={t("displayName")} constraintText={t("displayHelp")} errorText={faults.displayName}>
						<Input
							value={draft.displayName ?? displayOf(draft)}
							onChange={(e) => change({ displayName: e.detail.value || undefined })}
							autoComplete={false}
							ariaRequired
						/>
					</FormField>
				</SpaceBetween>
			</Container>
			<input type="submit" hidden />
		</form>
	);
}
