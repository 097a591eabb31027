# Runs doctor on the example clusters: it finds exactly the faults that examples/README.md names.
cmake_minimum_required(VERSION 3.25)

function(expect example exit_code)
  execute_process(COMMAND ${AIBRIXCTL} doctor -f ${ROOT}/examples/${example} --whole-cluster -o plain
                  RESULT_VARIABLE status OUTPUT_VARIABLE found ERROR_VARIABLE summary)
  string(REGEX MATCHALL "(error|warning|skipped|undetermined)\t[A-Z]+[0-9]+" found "${found}")
  string(REPLACE "\t" " " found "${found}")
  list(SORT found)
  if(NOT status EQUAL exit_code OR NOT found STREQUAL "${ARGN}")
    message(FATAL_ERROR "${example}: exit code ${status}, found ${found}; "
                        "expected ${exit_code}, ${ARGN}\n${summary}")
  endif()
endfunction()

expect(broken-cluster 1 "error INS005" "error REF001" "warning SVC002")
expect(healthy-cluster 0)
