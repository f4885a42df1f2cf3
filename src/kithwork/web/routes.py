"""Every route on one screen."""

from flask import Flask

from kithwork.web import api, security
from kithwork.web.pages import (
    agreement,
    analysis,
    asset,
    code,
    codebook,
    coded_transcript,
    coders,
    coding,
    coding_plan,
    course,
    design,
    disagreements,
    documents,
    history,
    import_,
    interview_form,
    journal,
    kind_of_map,
    kinds,
    lens,
    matrix,
    measure_list,
    measures,
    memos,
    names,
    other_names,
    participant_form,
    passage,
    person,
    questions,
    register,
    renamed,
    revise,
    search,
    start,
    tables,
    themes,
)
from kithwork.web.pages import map as drawing

# Groups of pages, each with what it is called at the top; a group of one has no second row.
NAVIGATION = {
    "Register": {"register": "Register"},
    "Talk": {"documents": "Transcripts", "names": "Names", "search": "Search"},
    "Codes": {
        "codebook": "Codebook",
        "themes": "Themes",
        "lens": "Lens",
        "memos": "Memos",
        "coding_plan": "Who codes what",
        "disagreements": "Where coders differ",
        "agreement": "Agreement",
    },
    "Talk and ties": {"questions": "Ask", "matrix": "Matrix", "tables": "Tables"},
    "Numbers": {"measures": "Measures", "measure_list": "Find a measure", "analysis": "Analysis", "kinds": "Kinds of network"},
    "Study": {"design": "Design", "import_page": "Import and export", "journal": "Journal"},
}
UNDER = {  # pages that stand under one of those
    "person": "register",
    "interview": "register",
    "enrol": "register",
    "edit_participant": "register",
    "code_document": "documents",
    "code_page": "codebook",
    "before_merging": "codebook",
    "before_removing": "codebook",
    "codebook_history": "codebook",
    "theme_page": "themes",
    "look_at_transcripts": "documents",
    "names_of": "names",
    "revise": "documents",
    "versions": "documents",
    "replaced_names": "names",
    "renamed": "names",
    "other_names": "names",
    "other_name": "names",
    "disagreements_in": "disagreements",
    "look_at_import": "import_page",
    "passage_page": "documents",
    "matrix_cell": "matrix",
    "course": "register",
    "kind_of_map": "kinds",
}


def add(app: Flask) -> None:
    """Put all routes on the app; GET never changes a study."""
    page = app.add_url_rule
    post = ["POST"]
    form = ["GET", "POST"]
    page("/enter/<token>", "enter", security.enter)
    page("/assets/<path:name>", "asset", asset.asset)
    # register and people
    page("/", "register", register.register)
    page("/participants/new", "enrol", participant_form.enrol, methods=form)
    page("/participants/<participant_id>", "person", person.person)
    page("/participants/<participant_id>/maps.pdf", "print_person", person.print_person)
    page("/participants/<participant_id>/edit", "edit_participant", participant_form.edit_participant, methods=form)
    page("/participants/<participant_id>/name", "name_participant", participant_form.name_participant, methods=post)
    page("/participants/<participant_id>/withdrawal", "withdraw_participant", participant_form.withdraw_participant, methods=post)
    page("/participants/<participant_id>/merge", "merge_alters", person.merge_alters, methods=post)
    page("/participants/<participant_id>/waves/<wave_id>", "interview", interview_form.interview, methods=form)
    page("/participants/<participant_id>/waves/<wave_id>/map", "open_map", drawing.open_map, methods=post)
    page("/participants/<participant_id>/waves/<wave_id>/states", "start_state", interview_form.start_state, methods=post)
    page("/maps/<map_id>", "map_page", drawing.map_page)
    page("/names", "show_names", person.show_names, methods=post)
    # talk
    page("/documents", "documents", documents.documents)
    page("/documents/files", "upload_transcripts", documents.upload_transcripts, methods=post)
    page("/documents/files/<upload_id>", "look_at_transcripts", documents.look_at_transcripts)
    page("/documents/files/<upload_id>/confirm", "bring_in_transcripts", documents.bring_in_transcripts, methods=post)
    page("/documents/files/<upload_id>/drop", "drop_transcripts", documents.drop_transcripts, methods=post)
    page("/documents/names", "names", names.names)
    page("/documents/names/replace", "replace_names", names.replace_names, methods=post)
    page("/documents/names/replaced", "replaced_names", names.replaced_names)
    page("/documents/names/replaced/back", "put_back", names.put_back, methods=post)
    page("/documents/names/replaced/again", "propose_again", names.propose_again, methods=post)
    page("/documents/names/renamed", "renamed", renamed.renamed)
    page("/documents/names/renamed/replace", "replace_renamed", renamed.replace_renamed, methods=post)
    page("/documents/names/show", "show_names_in_talk", names.show_names_in_talk, methods=post)
    page("/documents/names/known", "other_names", other_names.other_names, methods=form)
    page("/documents/names/known/<other_name_id>", "other_name", other_names.other_name)
    page("/documents/names/known/<other_name_id>/change", "change_other_name", other_names.change_other_name, methods=post)
    page("/documents/names/known/<other_name_id>/remove", "forget_other_name", other_names.forget_other_name, methods=post)
    page("/documents/names/known/<other_name_id>/tie", "tie_other_name", other_names.tie_other_name, methods=post)
    page("/documents/names/<group_key>", "names_of", names.names_of)
    page("/documents/<document_id>", "code_document", coding.code_document)
    page("/documents/<document_id>/coded<ending>", "download_transcript", coded_transcript.download_transcript)
    page("/documents/<document_id>/revise", "revise", revise.revise, methods=form)
    page("/documents/<document_id>/versions", "versions", revise.versions)
    page("/documents/<document_id>/lost", "settle_lost", revise.settle_lost, methods=post)
    page("/documents/sign-off", "sign_off", revise.sign_off, methods=post)
    page("/passages/<segment_id>", "passage_page", passage.passage_page)
    # codebook, themes, lens, memos
    page("/codebook", "codebook", codebook.codebook)
    page("/codebook/new", "add_code", codebook.add_code, methods=post)
    page("/codebook/history", "codebook_history", history.codebook_history_page)
    page("/codebook/history<ending>", "download_history", history.download_history)
    page("/codebook<ending>", "download_codebook", codebook.download_codebook)
    page("/codes/<code_id>", "code_page", code.code_page)
    page("/codes/<code_id>/change", "change_code", code.change_code, methods=post)
    page("/codes/<code_id>/place", "arrange_code", codebook.arrange_code, methods=post)
    page("/codes/<code_id>/split", "split_code", code.split_code, methods=post)
    page("/codes/<code_id>/merge", "before_merging", code.before_merging, methods=form)
    page("/codes/<code_id>/remove", "before_removing", code.before_removing, methods=form)
    page("/themes", "themes", themes.themes)
    page("/themes/new", "add_theme", themes.add_theme, methods=post)
    page("/themes/<theme_id>", "theme_page", themes.theme_page)
    page("/themes/<theme_id>/change", "change_theme", themes.change_theme, methods=post)
    page("/lens", "lens", lens.lens)
    page("/lens/change", "change_lens", lens.change_lens, methods=post)
    page("/memos", "memos", memos.memos)
    page("/memos/write", "write_memo", memos.write_memo, methods=post)
    # several coders
    page("/coding-plan", "coding_plan", coding_plan.coding_plan)
    page("/coding-plan/texts", "change_plan", coding_plan.change_plan, methods=post)
    page("/coding-plan/blind", "set_blind", coding_plan.set_blind, methods=post)
    page("/coding-plan/all", "take_as_finished", coding_plan.take_as_finished, methods=post)
    page("/coding-plan/<document_id>/<how>", "mark_text", coding_plan.mark_text, methods=post)
    page("/disagreements", "disagreements", disagreements.disagreements)
    page("/disagreements/<document_id>", "disagreements_in", disagreements.disagreements_in)
    page("/disagreements/<document_id>/decide", "settle", disagreements.settle, methods=post)
    page("/agreement", "agreement", agreement.agreement)
    page("/agreement/all<ending>", "download_agreement", agreement.download_agreement)
    page("/search", "search", search.search)
    page("/search/words", "look_for", search.look_for, methods=post)
    # talk and ties together
    page("/questions", "questions", questions.questions)
    page("/questions/choose", "choose_question", questions.choose_question, methods=post)
    page("/questions/all<ending>", "download_question", questions.download_question)
    page("/questions/views", "save_question", questions.save_question, methods=post)
    page("/questions/views/<view_id>/remove", "remove_question", questions.remove_question, methods=post)
    page("/tables", "tables", tables.tables)
    page("/tables/all<ending>", "download_tables", tables.download_tables)
    page("/matrix", "matrix", matrix.matrix)
    page("/matrix/choose", "choose_matrix", matrix.choose_matrix, methods=post)
    page("/matrix/all<ending>", "download_matrix", matrix.download_matrix)
    page("/matrix/views", "save_matrix", matrix.save_matrix, methods=post)
    page("/matrix/views/<view_id>/remove", "remove_matrix", matrix.remove_matrix, methods=post)
    page("/matrix/<participant_id>/<by>/<column_id>", "matrix_cell", matrix.matrix_cell)
    page("/matrix/<participant_id>/<by>/<column_id>/summary", "write_summary", matrix.write_summary, methods=post)
    page("/participants/<participant_id>/course", "course", course.course)
    # measures
    page("/measures", "measures", measures.measures)
    page("/measures/find", "find_measures", measures.find_measures, methods=post)
    page("/measures/all<ending>", "download_measures", measures.download_measures)
    page("/measures/list", "measure_list", measure_list.measure_list)
    page("/analysis", "analysis", analysis.analysis)
    page("/analysis/all<ending>", "download_analysis", analysis.download_analysis)
    page("/analysis/views", "save_view", analysis.save_view, methods=post)
    page("/analysis/views/<view_id>/remove", "remove_view", analysis.remove_view, methods=post)
    page("/kinds", "kinds", kinds.kinds)
    page("/kinds/all<ending>", "download_kinds", kinds.download_kinds)
    page("/maps/<map_id>/kind", "kind_of_map", kind_of_map.kind_of_map)
    page("/maps/<map_id>/kind/label", "label_map", kind_of_map.label_map, methods=post)
    # design of the study
    page("/design", "design", design.design)
    page("/design/template.yaml", "download_template", design.download_template)
    page("/design/<change>", "change_design", design.change_design, methods=post)
    # other tools
    page("/import", "import_page", import_.import_page)
    page("/import/files", "upload", import_.upload, methods=post)
    page("/import/<upload_id>", "look_at_import", import_.look_at_import)
    page("/import/<upload_id>/look", "look_again", import_.look_again, methods=post)
    page("/import/<upload_id>/confirm", "confirm_import", import_.confirm_import, methods=post)
    page("/import/<upload_id>/drop", "drop_import", import_.drop_import, methods=post)
    page("/export/<format>", "export", import_.export)
    # journal, and who works
    page("/journal", "journal", journal.journal)
    page("/journal/<entry_id>/undo", "undo_entry", journal.undo_entry, methods=post)
    page("/journal/verify", "verify_study", journal.verify_study, methods=post)
    page("/journal/backup", "back_up", journal.back_up, methods=post)
    page("/coders", "coders", coders.coders)
    page("/coders/new", "add_coder", coders.add_coder, methods=post)
    page("/coders/choose", "choose_coder", coders.choose_coder, methods=post)
    page("/coders/link", "another_browser", coders.another_browser, methods=post)
    # studies
    page("/studies", "start", start.start)
    page("/studies/open", "open", start.open_, methods=post)
    page("/studies/new", "new_study", start.new_study, methods=post)
    # what scripts call
    page("/api/maps/<map_id>", "map_json", drawing.map_json)
    page("/api/documents/files", "begin_transcripts", documents.begin_transcripts, methods=post)
    page("/api/documents/files/<upload_id>", "add_to_transcripts", documents.add_to_transcripts, methods=post)
    page("/api/documents/files/<upload_id>/<file>", "bring_in_one", documents.bring_in_one, methods=post)
    page("/api/documents/<document_id>", "document_json", coding.document_json)
    page("/api/documents/<document_id>/mentions", "document_mentions", coding.document_mentions)
    page("/api/alters/<alter_id>/passages", "passages_json", coding.passages_json)
    page("/api/entries/<entry_id>/undo", "undo_one", api.undo_one, methods=post)
    page("/api/actions/<verb>", "do_action", api.do_action, methods=post)
    page("/api/maps/<map_id>/undo", "undo", api.undo, methods=post)
    page("/api/maps/<map_id>/redo", "redo", api.redo, methods=post)
