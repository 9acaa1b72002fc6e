/** What users are imported from and exported to. */
export * from "@postroom/csv";
